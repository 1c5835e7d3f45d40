// The windows around this page: the store's frame, and windows of ours that came back from a provider.
(() => {
  const { data, framed, post, safe, say } = checkout;

  // A page of another origin does not let us read its address.
  const holder = framed ? parent : opener;
  if (holder) checkout.around = safe(() => holder.location.href)[0] ? "other" : "ours";

  // Back from a provider, inside a page of ours or opened by it: that page is told, and asks the server.
  if (data.view == "return" && checkout.around == "ours") {
    data.host_origins = [];
    holder.postMessage(JSON.stringify({ v: 1, type: "returned" }), origin);
    if (!framed) close();
  }
  addEventListener("message", ({ origin: from, source, data: text }) => {
    if (from != origin || source == window) return;
    const [, said] = safe(JSON.parse, text);
    if (said?.v == 1 && said.type == "returned") say("returned");
  });

  if (!framed || data.view != "embed") return;
  const around = location.ancestorOrigins?.[0];
  const hosts = data.host_origins.includes(around) ? [around] : data.host_origins;
  const tell = (message) => {
    for (const host of hosts) post("parent", JSON.stringify({ v: 1, ...message }), host);
  };
  tell({ type: "ready" });
  // What Python tells while it is there; the bridge shows snapshots only without it.
  let told;
  checkout.shown = ({ status, paid, final, version }) => {
    if (told != status) tell({ type: "status", status, paid, final, version });
    told = status;
  };
  new ResizeObserver(() => tell({ type: "height", px: Math.ceil(document.body.getBoundingClientRect().height) })).observe(document.body);
  addEventListener("keydown", ({ key, defaultPrevented }) => key == "Escape" && !defaultPrevented && tell({ type: "close" }));
})();
