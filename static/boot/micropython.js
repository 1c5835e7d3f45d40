// Starts the glue in MicroPython, loaded directly. What fails here, the bridge reports and survives.
checkout.boot(async ({ assets }, install) => {
  const { loadMicroPython } = await import(`${assets.engine}micropython.mjs`);
  const engine = await loadMicroPython({ url: `${assets.engine}micropython.wasm`, heapsize: 2 * 1024 * 1024 });
  engine.runPython(await install(engine.FS));
});
