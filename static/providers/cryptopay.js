// Copy buttons, and a word when no wallet opens. All else of CryptoPay's part is in the HTML, and stays there if this script does not come.
(() => {
  const SHOWN_MS = 2000;
  const OPENS_MS = 2500; // a wallet that opens takes the page from sight before

  // Also what is left to do by hand where a browser lets no script copy.
  const select = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };

  const copy = async (node) => {
    try {
      await navigator.clipboard.writeText(node.textContent);
      return true;
    } catch {
      // No clipboard for this frame, or a page without TLS: the old way.
      select(node);
      return document.execCommand?.("copy") ?? false;
    }
  };

  // No browser tells whether anybody took the link.
  const watchWallet = (link, say) =>
    link?.addEventListener("click", () => {
      const none = setTimeout(() => link.offsetParent && say("help", { key: "no_wallet" }), OPENS_MS);
      for (const sign of ["visibilitychange", "blur", "pagehide"]) addEventListener(sign, () => clearTimeout(none), { once: true });
    });

  checkout.mount(({ element, say, mounted }) => {
    watchWallet(element.querySelector(".wallet"), say);
    const label = new Map();
    for (const button of element.querySelectorAll("[data-of]")) {
      let shown;
      label.set(button, button.textContent);
      button.addEventListener("click", async () => {
        if (!(await copy(document.getElementById(button.dataset.of)))) return;
        clearTimeout(shown);
        button.textContent = button.dataset.copied;
        const announce = document.getElementById("announce");
        announce.textContent = button.dataset.copied;
        shown = setTimeout(() => {
          button.textContent = label.get(button);
          announce.textContent = "";
        }, SHOWN_MS);
      });
    }
    mounted();
  });
})();
