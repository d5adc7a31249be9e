/* Sending from a phone without a reload. Without this script the same form works. */
(function () {
  "use strict";

  document.querySelectorAll("form.send").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var field = form.elements.text;
      if (!field.value.trim()) { return; }
      var request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.onload = now;
      request.send(new URLSearchParams(new FormData(form)));
      field.value = "";
      field.focus();
      setTimeout(now, 150);
    });
  });

  function now() { document.dispatchEvent(new Event("live:now")); }

  /* Unlocking shows the end of the thread, and is ready to type. */
  document.querySelectorAll("details.screen").forEach(function (screen) {
    screen.addEventListener("toggle", function () {
      if (!screen.open) { return; }
      var talk = screen.querySelector(".talk");
      talk.scrollTop = talk.scrollHeight;
      screen.querySelector("input[name=text]").focus({ preventScroll: true });
    });
  });
}());
