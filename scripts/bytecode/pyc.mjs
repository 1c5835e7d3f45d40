// Compiles Python to the bytecode of one Pyodide: node pyc.mjs <its folder> < {path: source} > {path: base64}
// By that Pyodide itself, for bytecode of another CPython would be refused.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const folder = path.resolve(process.argv[2]);
const { loadPyodide } = await import(pathToFileURL(path.join(folder, "pyodide.mjs")).href);
const pyodide = await loadPyodide({ indexURL: `${folder}/`, stdout: console.error });
pyodide.globals.set("sources", fs.readFileSync(0, "utf8"));
const here = path.dirname(fileURLToPath(import.meta.url));
const compiled = pyodide.runPython(fs.readFileSync(path.join(here, "pyc.py"), "utf8"));
fs.writeSync(1, compiled);
process.exit(0);
