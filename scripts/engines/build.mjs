// Fills static/vendor/ with the browser engines of package-lock.json: `node scripts/engines/build.mjs`.
//
// A second run returns at once. The key that decides so covers the lock file and these scripts, and lives in
// static/vendor/manifest.json beside the name, size and integrity of every file.

import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import { ENGINES } from "./engines.mjs";
import { compileStdlib } from "./stdlib.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
const vendor = path.join(root, "static", "vendor");
const manifestFile = path.join(vendor, "manifest.json");

function buildKey() {
  const hash = createHash("sha256").update(fs.readFileSync(path.join(root, "package-lock.json")));
  for (const name of fs.readdirSync(here).filter((n) => /\.(mjs|py)$/.test(n)).sort()) {
    hash.update(name).update(fs.readFileSync(path.join(here, name)));
  }
  return hash.digest("hex");
}

function isCurrent(key) {
  if (!fs.existsSync(manifestFile)) return false;
  const manifest = JSON.parse(fs.readFileSync(manifestFile, "utf8"));
  return (
    manifest.key === key &&
    manifest.engines.every((engine) =>
      engine.files.every((file) => {
        const target = path.join(vendor, engine.folder, file.path);
        return fs.existsSync(target) && fs.statSync(target).size === file.size;
      }),
    )
  );
}

// What is installed must be what the lock pins, or the wheel would carry something nobody reviewed.
function pinnedVersion(engine) {
  const lock = JSON.parse(fs.readFileSync(path.join(root, "package-lock.json"), "utf8"));
  const pinned = lock.packages[`node_modules/${engine.package}`].version;
  const installedFile = path.join(packageFolder(engine), "package.json");
  const installed = fs.existsSync(installedFile) ? JSON.parse(fs.readFileSync(installedFile, "utf8")).version : "nothing";
  if (installed !== pinned) {
    throw new Error(`${engine.package}: the lock pins ${pinned}, node_modules has ${installed}. Run: npm ci`);
  }
  return pinned;
}

const packageFolder = (engine) => path.join(root, "node_modules", engine.package);

function filesToCopy(engine) {
  const folder = path.join(packageFolder(engine), engine.from ?? "");
  const names = engine.copy ?? fs.readdirSync(folder).filter((name) => !engine.skip.test(name));
  const files = names.map((name) => [name, path.join(folder, name)]);
  const licence = path.join(packageFolder(engine), "LICENSE");
  if (fs.existsSync(licence)) files.push(["LICENSE", licence]);
  return files.filter(([, source]) => fs.statSync(source).isFile());
}

function describe(folder, name) {
  const bytes = fs.readFileSync(path.join(folder, name));
  return {
    path: name,
    size: bytes.length,
    gzip: gzipSync(bytes).length,
    integrity: `sha384-${createHash("sha384").update(bytes).digest("base64")}`,
  };
}

// Compressed once, here: ten megabytes of WebAssembly are too much to compress for every shopper.
function squeeze(folder, name) {
  const bytes = fs.readFileSync(path.join(folder, name));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  const squeezed = brotliCompressSync(bytes, { params });
  if (squeezed.length < bytes.length * 0.95) fs.writeFileSync(path.join(folder, `${name}.br`), squeezed);
}

async function buildEngine(engine) {
  const version = pinnedVersion(engine);
  const folderName = `${engine.name}-${version}`;
  const folder = path.join(vendor, folderName);
  fs.mkdirSync(folder, { recursive: true });

  const sources = filesToCopy(engine);
  const guest = ENGINES.find((other) => other.name === engine.with);
  if (guest) sources.push(...filesToCopy(guest));
  for (const [name, source] of sources) {
    fs.copyFileSync(source, path.join(folder, name));
    fs.chmodSync(path.join(folder, name), 0o644); // some files of the packages are marked executable
  }
  for (const part of [engine, guest]) if (part?.mend) mend(folder, part.mend);
  const names = sources.map(([name]) => name);
  if (engine.stdlib) {
    fs.writeFileSync(path.join(folder, engine.stdlib), await compileStdlib(packageFolder(engine), engine.stdlib));
    fs.writeFileSync(path.join(folder, "pyodide-lock.json"), emptyLock(packageFolder(engine)));
    names.push(engine.stdlib, "pyodide-lock.json");
  }
  const files = names.sort().map((name) => describe(folder, name));
  for (const name of names) squeeze(folder, name);
  return { name: engine.name, package: engine.package, version, folder: folderName, entry: engine.entry, files };
}

// Exactly one place, or it is not what was reviewed.
function mend(folder, { file, before, after }) {
  const target = path.join(folder, file);
  const parts = fs.readFileSync(target, "utf8").split(before);
  if (parts.length !== 2) throw new Error(`${target}: found ${parts.length - 1} times: ${before}`);
  fs.writeFileSync(target, parts.join(after));
}

// Pyodide resolves `import numpy` through this list, by default from a CDN. An empty list cannot.
function emptyLock(folder) {
  const lock = JSON.parse(fs.readFileSync(path.join(folder, "pyodide-lock.json"), "utf8"));
  return JSON.stringify({ info: lock.info, packages: {} });
}

const key = buildKey();
if (isCurrent(key)) {
  console.log("engines: up to date");
} else {
  fs.rmSync(vendor, { recursive: true, force: true });
  const engines = [];
  for (const engine of ENGINES) engines.push(await buildEngine(engine));
  // Written last: a build that was interrupted is not taken for a finished one.
  fs.writeFileSync(manifestFile, `${JSON.stringify({ key, engines }, null, 1)}\n`);
  for (const engine of engines) {
    const total = engine.files.reduce((sum, file) => sum + file.gzip, 0);
    console.log(`engines: ${engine.folder}, ${engine.files.length} files, ${(total / 1000).toFixed(0)} kB gzipped`);
  }
}
