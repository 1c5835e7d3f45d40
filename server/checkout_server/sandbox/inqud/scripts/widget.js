/* The sandbox's stand-in for Inqud's widget. Written from the provider's document:
   <app-widget id="CCO-…"></app-widget>, 392 px wide, dispatches "statusChanged" with detail {id, status}.
   It runs under a policy that allows this origin's scripts, connections and images and no inline styles. */
(function () {
  "use strict";

  const base = new URL(".", document.currentScript.src).href;

  const CSS = `
    :host { display: block; inline-size: 392px; color-scheme: light dark; --card: #fff; --text: #14181d; --soft: #586170; --line: #d5dae2;
      --sunken: #f3f5f8; --ink: #5b21b6; --on-ink: #fff; --good: #0b6e3d; --care: #865400; font: 15px/1.45 system-ui, sans-serif; color: var(--text) }
    @media (prefers-color-scheme: dark) {
      :host { --card: #1b2027; --text: #eceff3; --soft: #a3acb9; --line: #38404c; --sunken: #242b34; --ink: #c9b3ff; --on-ink: #1b1036;
        --good: #5fcf94; --care: #f0b95b }
    }
    *, ::before { box-sizing: border-box; margin: 0 }
    .box { display: grid; gap: 14px; padding: 16px; background: var(--card); border: 1px solid var(--line); border-radius: 14px }
    .bar { display: flex; justify-content: space-between; align-items: center; font-weight: 700; letter-spacing: .01em }
    .bar small { font-weight: 400; font-size: 12px; color: var(--soft) }
    h2 { font-size: 24px; line-height: 1.2; font-variant-numeric: tabular-nums }
    h2.state { font-size: 20px }
    p, label, legend { color: var(--soft); font-size: 14px }
    fieldset { display: grid; grid-template-columns: repeat(3, 1fr); gap: 8px; padding: 0; border: 0; min-inline-size: 0 }
    legend { padding: 0 0 6px }
    .coin { position: relative; display: grid; justify-items: center; gap: 1px; min-block-size: 52px; align-content: center; border: 1px solid var(--line);
      border-radius: 10px; color: var(--text); font-weight: 600; cursor: pointer }
    .coin small { font-weight: 400; font-size: 12px; color: var(--soft) }
    .coin input { position: absolute; inset: 0; opacity: 0; cursor: pointer }
    .coin:has(:checked) { border-color: var(--ink); box-shadow: inset 0 0 0 1px var(--ink) }
    .coin:has(:focus-visible) { outline: 3px solid var(--ink); outline-offset: 2px }
    .amount { display: grid; gap: 6px }
    .amount input { min-block-size: 48px; inline-size: 100%; padding: 8px 12px; border: 1px solid var(--line); border-radius: 10px; background: var(--sunken);
      color: inherit; font: 600 18px/1 system-ui, sans-serif }
    .to { display: grid; grid-template-columns: 128px 1fr; gap: 14px; align-items: center; padding: 12px; background: var(--sunken); border-radius: 10px }
    .to img { display: block; inline-size: 128px; block-size: 128px; border-radius: 6px; background: #fff }
    code { display: block; margin-block-start: 4px; font: 13px/1.45 ui-monospace, monospace; color: var(--text); overflow-wrap: anywhere }
    .keys { display: grid; grid-template-columns: 2fr 1fr; gap: 8px }
    .keys :only-child { grid-column: 1 / -1 }
    button { min-block-size: 50px; padding: 8px 12px; border: 1px solid var(--line); border-radius: 10px; background: none; color: inherit;
      font: 600 15px/1.2 system-ui, sans-serif; cursor: pointer }
    button.first { background: var(--ink); border-color: var(--ink); color: var(--on-ink) }
    button:disabled { opacity: .6; cursor: default }
    :focus-visible { outline: 3px solid var(--ink); outline-offset: 2px }
    .done { justify-items: center; padding-block-end: 32px; text-align: center; text-wrap: balance }
    .done .bar { justify-self: stretch; margin-block-end: 16px }
    .mark { display: grid; place-items: center; inline-size: 48px; block-size: 48px; border: 2px solid; border-radius: 50%; font-size: 24px }
    .success .mark { color: var(--good) }
    .conflict .mark { color: var(--care); border-radius: 12px }
    .problem { color: #b0251c }
    .problem:empty { display: none }
    @media (forced-colors: active) { .coin:has(:checked), button.first { border-width: 3px } }`;

  const ENDS = {
    SUCCESS: ["success", "✓", "Payment received", "Thank you. There is nothing more to do."],
    CONFLICT: ["conflict", "!", "Your payment is being looked at", "It does not match what was due. Please do not pay again."],
    SEEN: ["seen", "◔", "Payment seen", "It is being confirmed. Please do not pay again."],
    EXPIRED: ["expired", "–", "This checkout has expired", "You were not charged."],
  };

  const make = (tag, fields = {}, ...inside) => {
    const node = Object.assign(document.createElement(tag), fields);
    node.append(...inside);
    return node;
  };

  class AppWidget extends HTMLElement {
    #root = this.attachShadow({ mode: "closed" });
    #shown = "";
    #status;
    #timer;

    connectedCallback() {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      this.#root.adoptedStyleSheets = [sheet];
      this.#look();
    }

    disconnectedCallback() {
      clearTimeout(this.#timer);
    }

    get #url() {
      return `${base}widget/checkouts/${encodeURIComponent(this.id)}`;
    }

    async #look() {
      clearTimeout(this.#timer);
      try {
        const answer = await fetch(this.#url, { cache: "no-store" });
        if (answer.ok) this.#show(await answer.json());
        else if (!this.#shown) this.#end("EXPIRED", "There is no such checkout");
      } catch {
        // Not reachable just now: the next look may find it.
      }
      if (this.isConnected) this.#timer = setTimeout(() => this.#look(), 1500);
    }

    #show(checkout) {
      const state = checkout.status !== "NEW" ? checkout.status : checkout.seen ? "SEEN" : checkout.expired ? "EXPIRED" : "OPEN";
      if (state !== this.#shown) {
        if (state === "OPEN") this.#offer(checkout);
        else this.#end(state);
        this.#shown = state;
      }
      if (checkout.status === this.#status) return;
      this.#status = checkout.status;
      this.dispatchEvent(new CustomEvent("statusChanged", { detail: { id: checkout.id, status: checkout.status } }));
    }

    #frame(kind, ...inside) {
      const bar = make("div", { className: "bar" }, "inqud", make("small", { textContent: "Sandbox · no money moves" }));
      this.#root.replaceChildren(make("div", { className: `box ${kind}` }, bar, ...inside));
    }

    #end(state, words) {
      const [kind, mark, headline, sentence] = ENDS[state] ?? ["other", "…", state, "Please wait."];
      const said = [make("span", { className: "mark", textContent: mark, ariaHidden: "true" }), make("h2", { className: "state", textContent: words ?? headline })];
      this.#frame(`done ${kind}`, ...said, make("p", { textContent: sentence }));
    }

    #offer(checkout) {
      const due = make("h2");
      const problem = make("p", { className: "problem", role: "alert" });
      const coins = make("fieldset", {}, make("legend", { textContent: "Pay with" }));
      const sum = make("input", { inputMode: "decimal", autocomplete: "off", value: checkout.suggested[1] ?? "25" });
      const chosen = () => checkout.coins.find(({ code }) => this.#root.querySelector(`input[value="${code}"]`).checked);
      const redraw = () => {
        const coin = chosen();
        due.textContent = `${coin.amount ?? (sum.value || "0")} ${coin.code}`;
      };
      for (const [n, coin] of checkout.coins.entries()) {
        const radio = make("input", { type: "radio", name: "coin", value: coin.code, checked: n === 0 });
        coins.append(make("label", { className: "coin" }, radio, coin.code, make("small", { textContent: coin.network })));
      }
      coins.addEventListener("change", redraw);
      sum.addEventListener("input", redraw);

      const press = async (what) => {
        const body = new URLSearchParams({ coin: chosen().code });
        if (!checkout.price) body.set("amount", sum.value);
        const answer = await fetch(`${this.#url}/${what}`, { method: "POST", body });
        const said = await answer.json();
        if (answer.ok) this.#show(said);
        else problem.textContent = said.message;
      };
      const key = (words, what, first) => {
        const button = make("button", { type: "button", textContent: words, className: first ? "first" : "" });
        button.addEventListener("click", () => {
          press(what).catch(() => { problem.textContent = "That did not work. Please try again."; });
        });
        return button;
      };

      const qr = make("img", { alt: "QR code of the address", width: 128, height: 128, src: `${this.#url}/qr.svg` });
      const where = make("div", {}, make("p", { textContent: "Send it to" }), make("code", { textContent: checkout.address }));
      const keys = make("div", { className: "keys" }, key("Pretend to pay", "pay", true));
      if (checkout.price) keys.append(key("Send less", "underpay"));
      const parts = [make("p", { textContent: `${checkout.name ?? "Payment"}, to ${checkout.merchant}` }), due, coins];
      if (!checkout.price) parts.push(make("label", { className: "amount" }, "How much you pay", sum));
      this.#frame("open", ...parts, make("div", { className: "to" }, qr, where), keys, problem);
      redraw();
    }
  }

  if (!customElements.get("app-widget")) customElements.define("app-widget", AppWidget);
})();
