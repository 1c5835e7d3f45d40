// Hears <bean-counter>: it dispatches "change" with detail {invoice, status}. All of it is a nudge, never a proof.
checkout.mount(async ({ element, component, say, mounted }) => {
  const counter = element.querySelector("bean-counter");
  // Before its script runs, so that nothing it says is missed.
  counter.addEventListener("change", ({ detail }) => {
    const { invoice, status } = detail ?? {};
    if (invoice !== component.invoice_id) return;
    say(status === "paid" ? "approved" : "changed", { id: invoice });
  });
  await customElements.whenDefined("bean-counter");
  mounted();
});
