// <checkout-embed session-url> and buttons with data-checkout: docs/embedding.md. At most 2 kB gzipped.
(() => {
  if (customElements.get("checkout-embed")) return;
  const UNSAFE = /^(javascript|data|blob|file|vbscript):/i;
  const make = (name, attributes, css = "") => {
    const element = Object.assign(document.createElement(name), attributes);
    element.style.cssText = css; // the way that a strict policy lets pass
    return element;
  };

  // A frame of its own, because browsers keep one cache for each site around a frame.
  const warmed = new Set();
  const warm = (session) => {
    const url = new URL("../warm", session).href;
    if (warmed.has(url)) return;
    warmed.add(url);
    const frame = make("iframe", { src: url, hidden: true, tabIndex: -1, title: "" });
    frame.onload = () => setTimeout(() => frame.remove(), 15e3);
    document.body.append(frame);
  };

  class CheckoutEmbed extends HTMLElement {
    static observedAttributes = ["session-url"];

    connectedCallback() {
      const url = new URL(this.getAttribute("session-url"), location);
      if (!/^https?:/.test(url)) throw new TypeError("session-url is no web address");
      const label = this.getAttribute("label") || "Checkout";
      const modal = this.getAttribute("mode") == "modal";
      url.searchParams.set("view", "embed");
      this.frame = make(
        "iframe",
        { title: label, allow: this.getAttribute("allow") || "payment; clipboard-write", src: url.href },
        `display:block;width:100%;height:${modal ? "100%" : "640px"};border:0;color-scheme:normal`,
      );
      this.frame.sandbox = "scripts same-origin forms popups popups-to-escape-sandbox top-navigation-by-user-activation".replace(/\S+/g, "allow-$&");
      this.hear = (event) => event.origin == url.origin && event.source == this.frame.contentWindow && this.take(event.data);
      addEventListener("message", this.hear);
      if (!modal) return this.append(this.frame);
      this.dialog = make(
        "dialog",
        { ariaLabel: label, oncancel: (event) => (event.preventDefault(), this.close()) },
        "padding:44px 0 0;border:0;border-radius:12px;overflow:hidden;box-sizing:border-box;color-scheme:light dark;width:min(30rem,100vw);max-width:100vw;height:min(52rem,100dvh);max-height:100dvh",
      );
      const button = make(
        "button",
        { ariaLabel: this.getAttribute("close-label") || "Close", textContent: "×", onclick: () => this.close() },
        "position:absolute;inset:0 0 auto auto;width:44px;height:44px;border:0;background:none;font-size:24px",
      );
      this.dialog.append(button, this.frame); // the button first: it gets the focus
      this.append(this.dialog);
      this.dialog.showModal();
    }

    disconnectedCallback() {
      removeEventListener("message", this.hear);
      this.dialog = this.replaceChildren();
    }

    attributeChangedCallback(_, before, now) {
      if (before == null || before == now || !this.isConnected) return;
      this.disconnectedCallback();
      this.connectedCallback();
    }

    tell(name, detail) {
      return (this.from ?? this).dispatchEvent(new CustomEvent(`checkout:${name}`, { detail, bubbles: true, composed: true, cancelable: true }));
    }

    take(text) {
      try {
        var { v, type, px, url, status, paid, final, version } = JSON.parse(text);
      } catch {}
      if (v != 1) return;
      if (type == "height" && px > 200 && !this.dialog) this.frame.style.height = `${Math.min(px, 1e4)}px`;
      if (type == "ready") this.tell("ready", {});
      if (type == "status") this.tell("status", (this.last = { status, paid, final, version }));
      if (type == "close") this.close();
      if (type == "redirect" && !UNSAFE.test(url) && this.tell("redirect", { url })) location.assign(url);
    }

    close() {
      if (!this.dialog || !this.tell("close", this.last ?? {})) return;
      this.dialog.close(); // gives the focus back
      this.remove();
    }
  }

  customElements.define("checkout-embed", CheckoutEmbed);

  const asked = ({ target }) => target.closest?.("[data-checkout]");
  addEventListener("click", (event) => {
    const from = asked(event);
    if (!from || event.defaultPrevented) return;
    event.preventDefault();
    const element = document.createElement("checkout-embed");
    const set = (name, value) => value && element.setAttribute(name, value);
    for (const name of ["allow", "label", "close-label"]) set(name, from.getAttribute(name));
    set("mode", "modal");
    set("session-url", from.dataset.checkout);
    element.from = from;
    document.body.append(element);
  });
  for (const type of ["pointerover", "focusin"])
    addEventListener(type, (event) => asked(event) && warm(new URL(asked(event).dataset.checkout, location)));
})();
