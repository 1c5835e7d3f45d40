// The windows around this page: the store's frame, and windows of ours that came back from a provider.
(() => {
  const { ask, data, framed, post, safe, say } = checkout;

  // A page of another origin does not let us read its address. One that does is ours if it is of this session: a store may
  // share our origin, and so does every other session.
  const holder = framed ? parent : opener;
  const [strange] = safe(() => holder.location.href);
  const [, same] = safe(() => holder.checkout.data.urls.status == data.urls.status);
  if (holder) checkout.around = same ? "ours" : strange || data.host_origins.includes(origin) ? "other" : "";

  // Who goes back to the checkout finds it as this home has it.
  const back = data.view == "return" && document.getElementById("hosted");
  const app = window.ReactNativeWebView || window.webkit?.messageHandlers?.checkout || window.CheckoutHost || window.flutter_inappwebview;
  if (back) back.search = `view=${framed ? "embed" : checkout.around ? "popup" : app ? "webview" : "page"}`;
  if (back && framed) back.hash = "embed";

  // Back from a provider, inside a page of ours or opened by it: that page is told, and asks the server.
  if (data.view == "return" && checkout.around == "ours") {
    data.host_origins = [];
    holder.postMessage(JSON.stringify({ v: 1, type: "returned" }), origin);
    if (!framed) close();
    back.onclick = (event) => framed && (event.preventDefault(), holder.location.reload());
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

  // Under embed.js the shopper's own ways out are the store's to decide, too. Another page around us may not listen.
  if (location.hash != "#embed") return;
  addEventListener("click", (event) => {
    const link = event.target.closest?.("#continue[href]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    tell({ type: "redirect", url: link.href });
  });
  addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.id != "leave") return;
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(form, event.submitter));
    const [, , text] = JSON.parse(await ask("POST", form.action, JSON.stringify(fields)));
    const url = safe(JSON.parse, text)[1]?.redirect;
    if (url) tell({ type: "redirect", url });
    else form.submit();
  });
})();
