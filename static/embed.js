// docs/embedding.md. At most 2 kB gzipped.
(() => {
  if (customElements.get("checkout-embed")) return;
  const UNSAFE = /^(javascript|data|blob|file|vbscript):/;
  const make = (name, attributes, css = "") => {
    const element = Object.assign(document.createElement(name), attributes);
    element.style.cssText = css;
    return element;
  };

  const asked = ({ target }) => target.closest?.("[data-checkout*='/']");

  // By frame: caches are kept by site
  const warmed = {};
  const warm = (event) => {
    const near = asked(event);
    if (!near) return;
    const url = new URL("../warm", new URL(near.dataset.checkout, location));
    if (warmed[url]) return;
    warmed[url] = true;
    const frame = make("iframe", { src: url, hidden: true });
    frame.onload = () => setTimeout(() => frame.remove(), 15e3);
    document.body.append(frame);
  };

  class Embed extends HTMLElement {
    static observedAttributes = ["session-url"];

    connectedCallback() {
      this.here = true;
      const from = (this.from ??= this);
      const given = (name) => from.getAttribute(name);
      const session = given("data-checkout") || given("session-url");
      if (!session) return;
      const url = new URL(session, location);
      if (!/^https?:/.test(url)) throw new TypeError("session-url is no web address");
      const label = given("label") || "Checkout";
      const modal = from != this || given("mode") == "modal";
      url.searchParams.set("view", "embed");
      url.hash = "embed";
      this.frame = make(
        "iframe",
        {
          title: label,
          allow: given("allow") || "payment; clipboard-write",
          sandbox:
            "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation",
          src: url,
        },
        `display:block;width:100%;height:${modal ? "100%" : `${given("height") || 640}px`};border:0;color-scheme:normal`,
      );
      this.hear = ({ origin, source, data }) => origin == url.origin && source == this.frame.contentWindow && this.take(data);
      addEventListener("message", this.hear);
      if (!modal) return this.replaceChildren(this.frame);
      this.dialog = make(
        "dialog",
        { ariaLabel: label, oncancel: (event) => (event.preventDefault(), this.close()), onclose: () => this.dialog?.showModal() },
        "padding:44px 0 0;border:1px solid #8886;border-radius:clamp(0px,100vw - 30rem,12px);overflow:hidden;box-sizing:border-box;color-scheme:light dark;background:light-dark(#f5f6f8,#0e1115);width:min(30rem,100vw);max-width:none;height:min(58rem,100dvh);max-height:none",
      );
      const button = make(
        "button",
        { ariaLabel: given("close-label") || "Close", textContent: "×", onclick: () => this.close() },
        "position:absolute;top:0;inset-inline-end:0;width:44px;height:44px;border:0;outline-offset:-8px;background:none;font-size:24px",
      );
      this.dialog.append(button, this.frame);
      this.back = from == this ? document.activeElement : from; // not in Safari
      this.replaceChildren(this.dialog);
      this.dialog.showModal();
    }

    connectedMoveCallback() {}

    disconnectedCallback() {
      removeEventListener("message", this.hear);
      this.here = this.dialog = this.last = this.replaceChildren();
      this.back?.focus();
    }

    attributeChangedCallback(_, before, now) {
      if (!this.here || before == now) return;
      this.disconnectedCallback();
      this.connectedCallback();
    }

    tell(name, detail) {
      return (this.from.isConnected ? this.from : this).dispatchEvent(new CustomEvent(`checkout:${name}`, { detail, bubbles: true, composed: true, cancelable: true }));
    }

    take(text) {
      try {
        var { v, type, px, url, status, paid, final, version } = JSON.parse(text);
        url &&= new URL(url, location).href;
      } catch {}
      if (v != 1) return;
      if (type == "height" && px > 200 && !this.dialog) this.frame.style.height = `${Math.min(px, 1e4)}px`;
      if (type == "ready") this.tell("ready", {});
      if (type == "status") this.tell("status", (this.last = { status, paid, final, version }));
      if (type == "close") this.close();
      if (type == "redirect" && !UNSAFE.test(url) && this.tell("redirect", { url })) location.assign(url);
    }

    close() {
      if (this.dialog && this.tell("close", this.last ?? {})) this.remove();
    }
  }

  customElements.define("checkout-embed", Embed);

  addEventListener("click", (event) => {
    const from = asked(event);
    if (!from || event.defaultPrevented || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    document.body.append(make("checkout-embed", { from }));
  });
  for (const type of ["pointerover", "focusin"]) addEventListener(type, warm);
})();
