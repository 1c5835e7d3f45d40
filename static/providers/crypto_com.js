// Mounts the Crypto.com Pay button: cryptopay.Button({createPayment, onApprove, defaultLang}).render(selector).
// Everything it says is a nudge to look at the server, never a proof of payment.
(() => {
  const OLD_POPUP = /close old payment/i; // thrown when a second payment window is asked for
  const MUTED = /^script error/i; // all that a browser tells of an exception in a script of another origin

  const wait = (ms) => new Promise((done) => setTimeout(done, ms));

  // The SDK's script is async and may come after us; the bridge gives up sooner, and takes a late button back.
  const sdk = async () => {
    const loaded = new Promise((done) => addEventListener("load", () => window.cryptopay?.Button && done(), true));
    for (let waited = 0; waited < 60_000; waited += 10) {
      if (window.cryptopay?.Button) return window.cryptopay;
      await Promise.race([wait(10), loaded]); // at once when its script has run, in time when it takes longer
    }
    throw new Error("cryptopay did not load");
  };

  // Amounts cross as text: in CRO they exceed 2^53, where a number would be rounded.
  const amountOf = (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text);

  const approvedId = async (data, actions) => {
    if (data?.id) return data.id;
    const payment = await actions?.payment?.fetch?.(); // what older builds gave
    return payment?.id;
  };

  let current; // the payment window, open or not

  // The SDK opens its window by itself and reports neither that nor a popup blocker.
  const watchPopups = (say) => {
    const open = window.open;
    const closed = (popup) => {
      if (popup.closed) say("closed");
      else setTimeout(closed, 500, popup);
    };
    window.open = function (...args) {
      const popup = open.apply(window, args);
      if (popup) {
        current = popup;
        say("opened");
        setTimeout(closed, 500, popup);
      } else {
        say("help", { key: "blocked_popup" });
        document.getElementById("hosted")?.toggleAttribute("data-prominent", true);
      }
      return popup;
    };
  };

  checkout.mount(async ({ element, component, say, mounted }) => {
    const report = (error) => {
      const message = String(error?.message ?? error);
      if (OLD_POPUP.test(message)) say("help", { key: "open_popup" });
      else say("error", { message });
    };
    addEventListener("error", ({ message }) => {
      if (OLD_POPUP.test(message)) report(message);
      else if (MUTED.test(message) && current && !current.closed) say("help", { key: "open_popup" });
    });
    addEventListener("unhandledrejection", ({ reason }) => OLD_POPUP.test(reason?.message ?? reason) && report(reason));

    const create = async (actions) => {
      const payment = await actions.payment.create({ ...component.create, amount: amountOf(component.create.amount) });
      const id = payment?.id ?? payment;
      if (typeof id == "string") say("created", { id });
      return payment;
    };

    const { Button } = await sdk();
    watchPopups(say);
    new MutationObserver((_, observer) => {
      observer.disconnect();
      mounted();
    }).observe(element, { childList: true, subtree: true });

    Button({
      defaultLang: component.locale,
      createPayment: async (actions) => {
        try {
          return await (component.create ? create(actions) : actions.payment.fetch(component.payment_id));
        } catch (error) {
          report(error);
          throw error;
        }
      },
      onApprove: async (data, actions) => {
        const id = await approvedId(data, actions).catch(report);
        say("approved", { id: id ?? component.payment_id });
      },
    }).render(`#${element.id}`);
  });
})();
