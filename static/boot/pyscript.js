// Starts the glue in PyScript, for pages that want its API.
//
// Four precautions, each explained in docs/browser-python.md: the configuration is in the page before core loads;
// the interpreter's path is absolute; the worker hooks, which core would serialise with `Function`, are cleared;
// and the script element is appended only then.
const PLUGINS_OFF = ["!codemirror", "!deprecations-manager", "!donkey", "!error", "!py-editor", "!py-game", "!py-terminal"];

const append = (parent, tag, text, type) => {
  const element = document.createElement(tag);
  if (type) element.type = type;
  element.hidden = true;
  element.textContent = text;
  parent.append(element);
};

checkout.boot(async ({ assets }, install) => {
  await calm;
  const base = new URL(assets.engine, location.href).href;
  const config = JSON.stringify({ interpreter: `${base}micropython.mjs`, plugins: PLUGINS_OFF });
  append(document.head, "mpy-config", config);
  append(document.head, "py-config", JSON.stringify({ plugins: PLUGINS_OFF }));

  const { hooks } = await import(`${base}core.js`);
  for (const name of Object.keys(hooks.worker)) hooks.worker[name].clear?.();

  // Resolves with the code to run once the glue is in the engine's file system.
  await new Promise((resolve, reject) => {
    hooks.main.onReady.add(({ interpreter, run }) => {
      install(interpreter.FS).then(run).then(resolve, reject);
    });
    append(document.body, "script", "pass", "mpy");
  });
});
