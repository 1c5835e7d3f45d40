/* The sandbox's stand-in for the Crypto.com Pay button. Written from the provider's document:
   cryptopay.Button({createPayment(actions), onApprove(data, actions), defaultLang}).render("#id").
   It runs under a policy that allows this origin's scripts and connections and no inline styles. */
(function () {
  "use strict";

  const source = new URL(document.currentScript.src);
  const base = source.origin + source.pathname.replace(/\/sdk$/, "");
  const publishableKey = source.searchParams.get("publishable-key") || "";

  const WORDS = {
    en: { pay: "Pay with", blocked: "Your browser blocked the payment window. Allow pop-ups for this page, then try again.", failed: "The payment could not be started. Please try again." },
    es: { pay: "Pagar con", blocked: "El navegador bloqueó la ventana de pago. Permite las ventanas emergentes e inténtalo de nuevo.", failed: "No se pudo iniciar el pago. Inténtalo de nuevo." },
    fr: { pay: "Payer avec", blocked: "Votre navigateur a bloqué la fenêtre de paiement. Autorisez les fenêtres pop-up, puis réessayez.", failed: "Le paiement n’a pas pu démarrer. Veuillez réessayer." },
    de: { pay: "Bezahlen mit", blocked: "Der Browser hat das Zahlungsfenster blockiert. Bitte Pop-ups erlauben und erneut versuchen.", failed: "Die Zahlung konnte nicht gestartet werden. Bitte erneut versuchen." },
  };

  const CSS = `
    :host { display: block }
    button { box-sizing: border-box; inline-size: 100%; min-block-size: 48px; padding: 12px 20px; border: 1px solid transparent;
      border-radius: 8px; background: #0b1f4b; color: #fff; font: 600 16px/1.25 system-ui, sans-serif; cursor: pointer }
    button:hover { background: #16306b }
    button:focus-visible { outline: 3px solid #5b8cff; outline-offset: 2px }
    p { margin: 8px 0 0; font: 14px/1.4 system-ui, sans-serif; color: #8a1c1c }
    p:empty { display: none }
    @media (prefers-color-scheme: dark) {
      button { background: #e8edfb; color: #0b1f4b } button:hover { background: #fff } p { color: #ffb4ab }
    }`;

  async function read(response) {
    const body = await response.json();
    if (!response.ok) throw Object.assign(new Error(body.error.error_message), body.error);
    return body;
  }

  function form(fields) {
    const sent = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) {
      if (value !== null && typeof value === "object") {
        for (const [key, inner] of Object.entries(value)) sent.append(`${name}[${key}]`, String(inner));
      } else if (value !== undefined && value !== null) {
        sent.append(name, String(value));
      }
    }
    return sent;
  }

  const actions = {
    payment: {
      fetch: (id) => fetch(`${base}/sdk/payments/${encodeURIComponent(id)}`).then(read),
      create: (fields) =>
        fetch(`${base}/api/payments`, {
          method: "POST",
          headers: { Authorization: `Bearer ${publishableKey}` },
          body: form(fields),
        }).then(read),
    },
  };

  // The popup that is open now, of all buttons on this page.
  let popup = null;

  function open() {
    const query = new URLSearchParams({ view: "popup", origin: location.origin });
    const opened = window.open(`${base}/pay/popup?${query}`, "_blank", "popup,width=440,height=760");
    return { window: opened, go: (id) => { opened.location.href = `${base}/pay/${encodeURIComponent(id)}?${query}`; } };
  }

  function Button(options) {
    const language = String(options.defaultLang || "en").toLowerCase().split("-")[0];
    const words = WORDS[language] || WORDS.en;

    function draw(container) {
      const host = document.createElement("div");
      host.lang = WORDS[language] ? language : "en";
      const shadow = host.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      shadow.adoptedStyleSheets = [sheet];
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = `${words.pay} Crypto.com`;
      const problem = document.createElement("p");
      problem.setAttribute("role", "alert");
      shadow.append(button, problem);
      container.append(host);
      return { button, problem };
    }

    // Waits for the popup's word. Only that window is heard, and only from the provider's own origin.
    function watch(current, id, done) {
      let over = false;
      function finish(approved) {
        if (over) return;
        over = true;
        clearInterval(timer);
        removeEventListener("message", hear);
        if (popup === current) popup = null;
        done(approved);
      }
      function hear(event) {
        if (event.origin !== source.origin || event.source !== current.window) return;
        const message = event.data || {};
        if (message.source !== "cryptopay" || message.id !== id) return;
        if (message.type === "approved") {
          current.window.postMessage({ source: "cryptopay", type: "received", id }, source.origin);
          finish(true);
        }
      }
      const timer = setInterval(() => { if (current.window.closed) finish(false); }, 300);
      addEventListener("message", hear);
    }

    async function start(current) {
      const payment = await options.createPayment(actions);
      const id = payment && payment.id;
      if (typeof id !== "string") throw new Error("createPayment did not return a payment");
      if (current.window.closed) { popup = null; return; }
      current.go(id);
      watch(current, id, (approved) => {
        if (approved && options.onApprove) options.onApprove({ id }, actions);
      });
    }

    function press(drawn) {
      if (popup && !popup.window.closed) throw new Error("Close Old payment QR Code window then try again");
      drawn.problem.textContent = "";
      // At once and before anything is awaited: browsers open a window for a click only.
      const current = open();
      if (!current.window) {
        drawn.problem.textContent = words.blocked;
        throw new Error("The payment window was blocked by the browser");
      }
      popup = current;
      start(current).catch((error) => {
        popup = null;
        current.window.close();
        drawn.problem.textContent = words.failed;
        throw error;
      });
    }

    return {
      render(selector) {
        const container = document.querySelector(selector);
        if (!container) throw new Error(`There is no element ${selector} to render into`);
        const drawn = draw(container);
        drawn.button.addEventListener("click", () => press(drawn));
      },
    };
  }

  window.cryptopay = { Button };
})();
