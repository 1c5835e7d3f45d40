/* The fault "never_mounts": the element is defined, and draws nothing. */
customElements.define("app-widget", class extends HTMLElement {});
