// What starts every engine; the server puts this before static/boot/<engine>.js, in the same file.

// Payable before Python: an engine that starts holds up everything else, so it waits for the component to be painted.
const calm = new Promise((done) => {
  const component = document.getElementById("component");
  if (component?.dataset.state != "loading") return done();
  const painted = () => requestAnimationFrame(() => setTimeout(done));
  new MutationObserver(painted).observe(component, { attributeFilter: ["data-state"] });
  setTimeout(done, 1000);
});

// `load(data, install)` runs what `install(FS)` resolves with. What fails here, the bridge reports and survives.
checkout.boot = async (load) => {
  const { data } = checkout;
  const { glue, glue_integrity: integrity = "" } = data.assets;
  try {
    const files = fetch(glue, { integrity }).then((answer) => answer.json());
    files.catch(() => {});
    await load(data, async (FS) => {
      for (const [path, bytes] of Object.entries(await files)) {
        FS.mkdirTree("/glue/" + path.replace(/\/?[^/]+$/, ""));
        FS.writeFile("/glue/" + path, Uint8Array.from(bytes, (byte) => byte.charCodeAt()));
      }
      return "import sys\nsys.path.insert(0, '/glue')\nfrom checkout_ui.main import start\nstart()";
    });
  } catch (error) {
    console.error(error);
    checkout.say("engine_failed", { reason: String(error) });
  }
};
