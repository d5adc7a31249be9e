/* What would become of a draft, as it is typed. Without this script the button "Check first" says the same. */
(function () {
  "use strict";

  var compose = document.getElementById("compose");
  if (!compose) { return; }
  var text = document.getElementById("text");
  var preview = document.getElementById("preview");
  var untouched = Array.from(preview.childNodes);
  var timer;

  text.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(check, 400);
  });

  function check() {
    if (!text.value.trim()) { show(untouched); return; }
    var request = new XMLHttpRequest();
    request.open("POST", compose.dataset.preview);
    request.responseType = "document";  // parsed, never run; no string becomes markup here
    request.onload = function () {
      var fresh = request.response && request.response.getElementById("preview");
      if (fresh) { show(Array.from(document.importNode(fresh, true).childNodes)); }
    };
    request.send(new URLSearchParams(new FormData(compose)));
  }

  /* Whoever has unfolded where else it shows goes on seeing it. */
  function show(nodes) {
    var unfolded = preview.querySelector("details[open]");
    preview.replaceChildren.apply(preview, nodes);
    var same = unfolded && preview.querySelector("details");
    if (same) { same.open = true; }
  }

  /* One press is one message; the house makes sure of it too. */
  compose.addEventListener("submit", function (event) {
    if (compose.dataset.sent) { event.preventDefault(); }
    compose.dataset.sent = "1";
  });
}());
