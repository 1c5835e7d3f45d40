// A store built with HTMX: its server answers with HTML, and this is all of its script. `hx-on` would need eval.
import htmx from "/library.js";

// What was heard travels with the request that it triggers.
addEventListener("htmx:configRequest", ({ detail }) => {
  const status = detail.triggeringEvent?.detail?.status;
  if (status) detail.parameters.status = status;
});

addEventListener("checkout:redirect", (event) => {
  event.preventDefault();
  htmx.ajax("GET", "/thanks", "#place");
});
