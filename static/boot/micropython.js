// Starts the glue in MicroPython, loaded directly.
checkout.boot(async ({ assets }, install) => {
  const url = `${assets.engine}micropython.wasm`;
  // Both are fetched beside the page's own work; the loader takes up what was asked for here.
  document.head.append(Object.assign(document.createElement("link"), { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: url }));
  const loader = import(`${assets.engine}micropython.mjs`);
  loader.catch(() => {}); // until it is waited for
  await calm;
  const { loadMicroPython } = await loader;
  const engine = await loadMicroPython({ url, heapsize: 2 * 1024 * 1024 });
  engine.runPython(await install(engine.FS));
});
