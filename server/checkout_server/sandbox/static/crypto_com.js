/* The payment page and the popup with script: a countdown, and noticing that the payment changed elsewhere. */
(function () {
  "use strict";

  const main = document.querySelector("main");
  const { id, state, shown, expires, now, origin, data } = main.dataset;
  const popup = main.dataset.popup === "yes";

  // The server's clock counts; the device's only says how long the page has been open.
  const left = document.querySelector("#left");
  if (left) {
    const opened = performance.now();
    const tick = () => {
      const seconds = Math.max(0, Math.round(expires - now - (performance.now() - opened) / 1000));
      left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} left`;
    };
    tick();
    setInterval(tick, 1000);
  }

  if (state === "open" || state === "seen" || state === "returned") {
    const key = (body) => `${body.status} ${body.expired}`;
    const look = async () => {
      try {
        const response = await fetch(data, { cache: "no-store" });
        if (key(await response.json()) !== shown) return location.reload();
      } catch {
        // The sandbox is not answering just now; the next look may find it.
      }
      setTimeout(look, 1500);
    };
    look();
  }

  const opener = window.opener;
  const close = document.querySelector("#close");
  if (close) close.addEventListener("click", () => window.close());
  if (popup && origin && opener && state === "succeeded") {
    addEventListener("message", (event) => {
      if (event.origin !== origin || event.source !== opener) return;
      const message = event.data || {};
      if (message.source === "cryptopay" && message.type === "received" && message.id === id) {
        setTimeout(() => window.close(), 1500);
      }
    });
    opener.postMessage({ source: "cryptopay", type: "approved", id }, origin);
  }
})();
