/* The embedded checkout's half of the message protocol, and noticing what changed elsewhere. */
(function () {
  "use strict";

  const main = document.querySelector("main");
  const { shown, poll, order, appearance, state } = main.dataset;
  const framed = window.parent !== window;
  const root = document.documentElement;

  // Whoever frames us is told by the referrer; the provider lists the merchants' origins on the client key.
  const target = document.referrer ? new URL(document.referrer).origin : "*";
  const say = (event, data) => framed && window.parent.postMessage({ event, data }, target);

  const { variables = {} } = JSON.parse(appearance);
  const colours = {
    accent: "--accent", backgroundPrimary: "--card", textPrimary: "--text", textSecondary: "--soft",
    borderPrimary: "--line", danger: "--bad", warning: "--warn",
  };
  for (const [name, value] of Object.entries(variables.colors || {})) {
    if (name in colours) root.style.setProperty(colours[name], value);
  }
  if (variables.borderRadius) root.style.setProperty("--corner", variables.borderRadius);
  if (variables.fontFamily) root.style.fontFamily = variables.fontFamily;
  const lightness = (hex) => parseInt(hex.slice(1, 3), 16) + parseInt(hex.slice(3, 5), 16) + parseInt(hex.slice(5, 7), 16);
  const { accent, backgroundPrimary } = variables.colors || {};
  if (accent) root.style.setProperty("--on-accent", lightness(accent) > 380 ? "#0e1115" : "#ffffff");
  if (backgroundPrimary) root.style.colorScheme = lightness(backgroundPrimary) > 380 ? "light" : "dark";

  if (framed) {
    let last = 0;
    const measure = () => {
      const height = Math.ceil(document.body.getBoundingClientRect().height);
      if (height !== last) say("ui:height.changed", { height: (last = height) });
    };
    new ResizeObserver(measure).observe(document.body);
    measure();
    say("order:updated", { order: JSON.parse(order) });
    say("some:event.nobody-knows", {});
  }

  const wallet = document.querySelector("#wallet");
  if (wallet && framed) {
    const says = document.querySelector("#wallet-says");
    wallet.addEventListener("click", () => say("crypto:connect-wallet.show", { show: true }));
    addEventListener("message", ({ source, data }) => {
      if (source !== window.parent || !data) return;
      if (data.event === "crypto:load.success") wallet.hidden = false;
      if (data.event === "crypto:connect-wallet.success") says.textContent = `Connected: ${data.data.address}`;
      if (data.event === "crypto:connect-wallet.failed") says.textContent = data.data.error;
    });
    say("crypto:load", {});
  }

  if (state !== "failed" && state !== "refunded") {
    const look = async () => {
      try {
        const answer = await (await fetch(poll, { cache: "no-store" })).json();
        if (answer.shown !== shown) location.reload();
      } catch {
        // The sandbox is not answering just now; the next look may find it.
      }
      setTimeout(look, 1500);
    };
    setTimeout(look, 1500);
  }
})();
