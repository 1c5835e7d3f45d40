// Starts the verifier of a Crossmint order intent: an element `checkout-verifier` that is given `verificationConfig`,
// is started by `verify()` and fires `verified` or `failed`. Neither is believed: the server asks for the phase.
(() => {
  const VERIFIER = "checkout-verifier";

  checkout.mount(async ({ element, component, say, mounted }) => {
    const approve = element.querySelector("[data-approve]");
    if (!approve) return mounted(); // nothing to verify: the mandates are there to be read

    const problem = element.querySelector("[data-problem]");
    await customElements.whenDefined(VERIFIER);
    const verifier = document.createElement(VERIFIER);
    verifier.verificationConfig = { ...component.verification };
    element.querySelector("[data-verifier]").append(verifier);

    const failed = (reason) => {
      approve.disabled = false;
      problem.hidden = false;
      approve.focus(); // the verifier has gone, and the focus with it
      const live = document.getElementById("announce");
      if (live) live.textContent = problem.textContent;
      say("error", { message: String(reason ?? "failed") }); // and look: perhaps it did happen
    };
    verifier.addEventListener("verified", () => {
      approve.disabled = false; // for the case that the server does not agree
      say("approved", { id: component.id });
    });
    verifier.addEventListener("failed", ({ detail }) => failed(detail?.reason));

    // Nothing is awaited before it: windows and passkeys are for a shopper's own click only.
    approve.addEventListener("click", () => {
      approve.disabled = true;
      problem.hidden = true;
      try {
        Promise.resolve(verifier.verify()).catch(failed);
      } catch (error) {
        failed(error);
      }
    });

    approve.disabled = false;
    mounted();
  });
})();
