/* The sandbox's verifier: an element `checkout-verifier` that is given `verificationConfig`, starts with `verify()`
   and fires one event, `verified` or `failed`. It draws inside itself, under a policy without inline styles. */
const base = new URL(".", import.meta.url);

const WORDS = {
  en: {
    title: "Confirm that it is you",
    text: "Your bank would ask you here. This is a sandbox: no card is used.",
    yes: "Confirm", no: "Stop",
  },
  de: {
    title: "Bestätigen Sie, dass Sie es sind",
    text: "Hier würde Ihre Bank Sie fragen. Dies ist eine Sandbox: Keine Karte wird benutzt.",
    yes: "Bestätigen", no: "Abbrechen",
  },
  es: {
    title: "Confirma que eres tú",
    text: "Aquí te preguntaría tu banco. Esto es un entorno de pruebas: no se usa ninguna tarjeta.",
    yes: "Confirmar", no: "Detener",
  },
  fr: {
    title: "Confirmez que c’est bien vous",
    text: "Votre banque vous le demanderait ici. Ceci est un bac à sable : aucune carte n’est utilisée.",
    yes: "Confirmer", no: "Arrêter",
  },
  ar: {
    title: "أكّد أنك صاحب البطاقة",
    text: "هنا يسألك مصرفك عادةً. هذه بيئة تجريبية: لا تُستخدم أي بطاقة.",
    yes: "تأكيد", no: "إيقاف",
  },
};

const CSS = `
  :host { display: block }
  :host([hidden]) { display: none }
  section { display: grid; gap: 8px; padding: 16px; border: 1px dashed #7d8795; border-radius: 12px; font: 15px/1.5 system-ui, sans-serif }
  h3 { margin: 0; font-size: 16px; line-height: 1.3 }
  h3:focus { outline: none }
  p { margin: 0; color: #586170 }
  div { display: flex; flex-wrap: wrap; gap: 8px; margin-block-start: 8px }
  button { min-block-size: 44px; padding: 8px 20px; border: 1px solid #7d8795; border-radius: 8px; background: transparent; color: inherit; font: inherit; font-weight: 600; cursor: pointer }
  button:first-child { background: #14181d; border-color: #14181d; color: #fff }
  button:focus-visible { outline: 3px solid #5b8cff; outline-offset: 2px }
  @media (prefers-color-scheme: dark) {
    p { color: #a0a9b6 }
    button:first-child { background: #eceff3; border-color: #eceff3; color: #14181d }
  }`;

class Verifier extends HTMLElement {
  verificationConfig = null;

  connectedCallback() {
    if (!this.shadowRoot) this.hidden = true;
  }

  /* At once, in the shopper's own click: a real verifier may have to open a window or ask for a passkey. */
  verify() {
    this.#draw();
    this.hidden = false;
    this.shadowRoot.querySelector("h3").focus();
  }

  #draw() {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const language = document.documentElement.lang.split("-")[0];
    const words = WORDS[language] ?? WORDS.en;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    root.adoptedStyleSheets = [sheet];
    const section = document.createElement("section");
    section.lang = WORDS[language] ? language : "en";
    const title = document.createElement("h3");
    title.textContent = words.title;
    title.tabIndex = -1;
    const text = document.createElement("p");
    text.textContent = words.text;
    const buttons = document.createElement("div");
    buttons.append(
      this.#button(words.yes, () => this.#confirm()),
      this.#button(words.no, () => this.#end("failed", "stopped")),
    );
    section.append(title, text, buttons);
    root.replaceChildren(section);
  }

  #button(text, press) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", press);
    return button;
  }

  async #confirm() {
    for (const button of this.shadowRoot.querySelectorAll("button")) button.disabled = true;
    try {
      const body = JSON.stringify(this.verificationConfig);
      const answer = await fetch(new URL("verify", base), { method: "POST", body });
      if (answer.ok) this.#end("verified");
      else this.#end("failed", (await answer.json()).message);
    } catch (error) {
      this.#end("failed", String(error));
    }
  }

  #end(type, reason) {
    this.hidden = true;
    this.dispatchEvent(new CustomEvent(type, { bubbles: true, detail: { reason } }));
  }
}

customElements.define("checkout-verifier", Verifier);
