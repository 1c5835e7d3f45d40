// Which files of which npm package the page needs. Everything else in the packages stays out of the wheel.

const PYSCRIPT_UNUSED = /codemirror|xterm|py-editor|py-game|py-terminal|^(mpy|py)-|pyodide_graph|service-worker|\.map$/;

export const ENGINES = [
  {
    name: "micropython",
    package: "@micropython/micropython-webassembly-pyscript",
    entry: "micropython.mjs",
    copy: ["micropython.mjs", "micropython.wasm"],
    // An Android WebView says "Version/4.0 Chrome/…", which the loader takes for Safari 4 and refuses. Emscripten has mended
    // it (pull request 25926); with a MicroPython that is built by such a one, the build stops here, and this may go.
    mend: {
      file: "micropython.mjs",
      before: 'navigator.userAgent?.includes("Safari/")&&',
      after: 'navigator.userAgent?.includes("Safari/")&&!navigator.userAgent.includes("Chrome/")&&',
    },
  },
  {
    name: "pyodide",
    package: "pyodide",
    entry: "pyodide.mjs",
    copy: ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm"],
    stdlib: "python_stdlib.zip",
  },
  {
    name: "pyscript",
    package: "@pyscript/core",
    entry: "core.js",
    from: "dist",
    skip: PYSCRIPT_UNUSED,
    // PyScript is told its interpreter by an absolute path; a copy keeps the folder complete by itself.
    with: "micropython",
  },
];
