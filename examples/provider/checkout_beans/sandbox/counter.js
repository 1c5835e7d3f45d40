/* The sandbox's stand-in for Bean Counter's component: <bean-counter invoice="inv_…"> draws one button and dispatches
   "change" with detail {invoice, status}. It keeps to the page's policy: no inline style, no eval. */
(() => {
  const base = new URL("component/", document.currentScript.src).href;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    div { display: grid; gap: 12px; padding: 16px; border: 1px solid; border-radius: 12px; font: 16px/1.4 system-ui, sans-serif }
    b { font-size: 20px }
    p { margin: 0 }
    button { min-block-size: 48px; border: 1px solid; border-radius: 10px; background: #3f2a14; color: #fff; font: inherit; font-weight: 600 }
    :focus-visible { outline: 3px solid #b98d5a; outline-offset: 2px }`);

  customElements.define("bean-counter", class extends HTMLElement {
    #root = this.attachShadow({ mode: "closed" });
    #status = "open";

    connectedCallback() {
      this.#root.adoptedStyleSheets = [sheet];
      this.#ask("GET");
    }

    async #ask(method) {
      const invoice = this.getAttribute("invoice");
      const answer = await fetch(base + encodeURIComponent(invoice), { method });
      if (!answer.ok) return this.#draw("This did not work. Please try again.");
      const { price, status } = await answer.json();
      this.#draw(status === "open" ? `Pay ${price}` : `This invoice is ${status}.`);
      if (status === this.#status) return;
      this.#status = status;
      this.dispatchEvent(new CustomEvent("change", { detail: { invoice, status } }));
    }

    #draw(words) {
      const box = document.createElement("div");
      const [title, act] = [document.createElement("b"), document.createElement("button")];
      title.textContent = "Bean Counter";
      act.textContent = words;
      act.addEventListener("click", () => {
        act.disabled = true;
        this.#ask("POST");
      });
      const said = document.createElement("p");
      said.textContent = words;
      box.append(title, this.#status === "open" && words.startsWith("Pay") ? act : said);
      this.#root.replaceChildren(box);
    }
  });
})();
