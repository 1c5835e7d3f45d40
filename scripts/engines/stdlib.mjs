// Pyodide's standard library as bytecode. Compiled by Pyodide itself: bytecode of another CPython would be refused.

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));

export async function compileStdlib(packageFolder, name) {
  const { loadPyodide } = await import(pathToFileURL(path.join(packageFolder, "pyodide.mjs")).href);
  const pyodide = await loadPyodide({ indexURL: `${packageFolder}/` });
  pyodide.FS.writeFile("/source.zip", fs.readFileSync(path.join(packageFolder, name)));
  pyodide.runPython(fs.readFileSync(path.join(here, "compile_stdlib.py"), "utf8"));
  return Buffer.from(pyodide.FS.readFile("/compiled.zip"));
}
