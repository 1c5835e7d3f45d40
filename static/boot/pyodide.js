// Starts the glue in Pyodide. The folder's empty lock file and these options leave nothing to be fetched from a CDN.
checkout.boot(async ({ assets }, install) => {
  await calm;
  const base = new URL(assets.engine, location.href).href;
  const { loadPyodide } = await import(`${base}pyodide.mjs`);
  const engine = await loadPyodide({ indexURL: base, packageBaseUrl: base, lockFileURL: `${base}pyodide-lock.json` });
  engine.runPython(await install(engine.FS));
});
