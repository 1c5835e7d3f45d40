/* A component that was taken over: what it can do to the page around it from within its frame. */
(function () {
  "use strict";

  const say = (event, data, from = window) => from.parent.postMessage({ event, data }, "*");
  const attempts = [
    () => { document.body.setAttribute("style", "background: red"); },
    () => { (0, eval)("window.evaluated = true"); },
    () => { top.location = "about:blank#taken"; },
  ];
  for (const height of [1e9, -1, NaN, Infinity, "100vh", null, {}]) attempts.push(() => say("ui:height.changed", { height }));
  for (const data of [null, 7, "{", "[]", [], { event: "order:updated" }, { event: "toString", data: {} }, { event: 5 }]) {
    attempts.push(() => parent.postMessage(data, "*"));
  }
  attempts.push(() => say("order:updated", { order: { orderId: "another", payment: { status: "completed" } } }));
  attempts.push(() => say("order:creation-failed", { errorMessage: { not: "text" } }));
  attempts.push(() => say("crypto:send-transaction", { chain: "ethereum", serializedTransaction: "0x" }));
  attempts.push(() => say("crypto:sign-message", { message: "sign this" }));
  for (const attempt of attempts) {
    try {
      attempt();
    } catch {
      // Stopped, as it should be.
    }
  }
})();
