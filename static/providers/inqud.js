// Hears Inqud's widget: <app-widget id="CCO-…"> dispatches "statusChanged" with detail {id, status}.
// Everything it says is a nudge to look at the server, never a proof of payment.
(() => {
  const LEAST = 294; // px: three quarters of the widget's 392, below which it is no longer to be read or tapped
  const PAID = /^(SUCCESS|CONFLICT)$/; // money arrived, whether or not it settles the checkout

  checkout.mount(async ({ element, component, say, mounted }) => {
    const widget = element.querySelector("app-widget");
    if (element.clientWidth && element.clientWidth < LEAST) throw new Error("too narrow for the widget");
    // Before its script runs, so that nothing it says is missed.
    widget.addEventListener("statusChanged", ({ detail }) => {
      const { id, status } = detail ?? {};
      const ours = id === component.checkout_id;
      say(ours && PAID.test(status) ? "approved" : "status", ours ? { id, status } : { status });
    });
    await customElements.whenDefined("app-widget");
    // Its inside is its own business; that it drew something shows in its height.
    new ResizeObserver((_, observer) => {
      if (!widget.offsetHeight) return;
      observer.disconnect();
      mounted();
    }).observe(widget);
  });
})();
