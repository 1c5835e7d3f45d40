/* The fault "hostile", beside what every hostile component tries: what this one might claim. */
(function () {
  "use strict";

  function lie() {
    const widget = document.querySelector("app-widget");
    // About this checkout, about another, and nonsense.
    for (const detail of [{ id: widget.id, status: "SUCCESS" }, { id: "CCO-other", status: "SUCCESS" }, null, { id: {}, status: [] }])
      widget.dispatchEvent(new CustomEvent("statusChanged", { detail }));
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", lie);
  else lie();
})();
