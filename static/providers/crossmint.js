// Crossmint's embedded checkout: a frame that speaks by messages `{event, data}`. What it says of the order is a
// nudge to look at the server; its height is believed within bounds; wallets are refused in the provider's own words.
checkout.mount(({ element, component, say, mounted, failed }) => {
  const frame = element.querySelector("iframe");
  const hosted = document.getElementById("hosted");
  const url = matchMedia("(prefers-color-scheme: dark)").matches ? component.frame_url_dark : component.frame_url;
  const { origin } = new URL(url);
  const NO_WALLET = { error: "No payer configured" };
  let last, heardOf;

  const answer = (event, data) => frame.contentWindow.postMessage({ event, data }, origin);
  const heard = {
    __proto__: null,
    "ui:height.changed": ({ height }) => {
      if (!(height > 0 && height < 1e4)) return;
      frame.style.blockSize = Math.ceil(height) + "px";
      element.toggleAttribute("data-small", height < 300); // a question alone: not worth the place of a form
    },
    "order:updated": ({ order, orderClientSecret: secret }) => {
      if (order && order.orderId != component.order_id) return;
      // An update without the secret leaves the old one as it was.
      if (typeof secret == "string" && secret && hosted?.href) {
        const to = new URL(hosted.href);
        to.searchParams.set("clientSecret", secret);
        hosted.href = to;
      }
      const { phase, payment } = order ?? {};
      const now = [phase, payment?.status, payment?.failureReason?.code].join();
      if (now == last) return; // it tells of each of its own looks, too
      last = now;
      say(payment?.status == "completed" ? "approved" : "updated", { id: component.order_id });
    },
    "order:creation-failed": ({ errorMessage, message }) => failed(errorMessage ?? message),
    "crypto:load": () => answer("crypto:load.success", {}),
    "crypto:connect-wallet.show": ({ show }) => show && answer("crypto:connect-wallet.failed", NO_WALLET),
    "crypto:send-transaction": () => answer("crypto:send-transaction:failed", NO_WALLET),
    "crypto:sign-message": () => answer("crypto:sign-message:failed", NO_WALLET),
  };

  // Before the address is set: the first height is the one that gets lost.
  addEventListener("message", (message) => {
    // The origin alone does not tell our frame from another one of the same provider.
    if (message.origin != origin || message.source != frame.contentWindow) return;
    let { data } = message;
    if (typeof data == "string") data = checkout.safe(JSON.parse, data)[1]; // as in a WebView
    const event = data?.event;
    if (typeof event != "string") return;
    if (!heardOf) mounted();
    heardOf = true;
    heard[event]?.(data.data ?? {});
  });
  // The hosted page has no way back to here: beside it, this page goes on looking. An app may have one window only.
  if (hosted && checkout.data.view != "webview") Object.assign(hosted, { target: "_blank", rel: "noopener" });
  frame.src = url;
});
