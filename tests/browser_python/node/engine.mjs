// Runs the portable tests in one of the engines of static/vendor: node engine.mjs <engine> <folder> < {path: file, a character for each byte}
// Prints the report of tests/browser_python/portable/everything.py as its last line.
import fs from "node:fs";

const [engineName, folder] = process.argv.slice(2);
const sources = JSON.parse(fs.readFileSync(0, "utf8"));

const load = {
  micropython: async () => (await import(`${folder}micropython.mjs`)).loadMicroPython({ heapsize: 4 * 1024 * 1024 }),
  pyodide: async () => (await import(`${folder}pyodide.mjs`)).loadPyodide({ indexURL: folder }),
};

const engine = await load[engineName]();
for (const [path, bytes] of Object.entries(sources)) {
  engine.FS.mkdirTree("/glue/" + path.replace(/\/?[^/]+$/, ""));
  engine.FS.writeFile("/glue/" + path, Uint8Array.from(bytes, (byte) => byte.charCodeAt()));
}
engine.runPython("import sys\nsys.path.insert(0, '/glue')\nfrom portable.everything import report\nanswer = report()");
console.log(engine.globals.get("answer"));
process.exit(0);
