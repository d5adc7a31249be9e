/* Starting and coming back without a second entry in the browser's history (R18). Without this script the forms do it. */
(function () {
  "use strict";

  function enter(form) {
    var request = { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" };
    fetch(form.action, request).then(function (answer) {
      if (answer.type === "opaqueredirect") { location.replace("/chat"); return; }
      form.removeAttribute("aria-busy");
      refuse(answer.status === 422);
    }, function () { form.submit(); });
  }

  function refuse(reference) {
    var field = document.getElementById("reference");
    document.getElementById("busy").hidden = reference;
    document.getElementById("unknown").hidden = !reference;
    if (reference) {
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", "unknown");
      field.focus();
    } else {
      document.getElementById("busy").scrollIntoView({ block: "center" });
    }
  }

  document.querySelectorAll("form").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      if (form.hasAttribute("aria-busy")) { return; }  // pressed twice
      form.setAttribute("aria-busy", "true");
      enter(form);
    });
  });
})();
