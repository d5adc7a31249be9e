/* The desk without reloads: the same pages, asked for again and again. Without this script every link and button works. */
(function () {
  "use strict";

  var SECOND = 1000;
  var main = document.getElementById("main");
  document.documentElement.classList.add("scripted");

  /* A response as a document: it is parsed, never run, and no string becomes markup here. */
  function ask(method, path, fields, then) {
    var request = new XMLHttpRequest();
    request.open(method, path);
    request.responseType = "document";
    request.timeout = 15 * SECOND;
    if (method === "GET") { request.setRequestHeader("X-Desk-Refresh", "1"); }
    request.onload = function () {
      if (request.status === 401) { location.replace("/desk/login"); return; }
      if (request.response && request.response.getElementById("main")) { then(request.response); }
    };
    request.send(fields);
  }

  /* --- looking again --- */

  function refresh() {
    if (document.hidden) { return; }
    ask("GET", location.pathname, null, function (fresh) {
      document.title = fresh.title;
      document.querySelectorAll("[data-live]").forEach(function (part) {
        replace(part, fresh.getElementById(part.id));
      });
    });
  }

  /* Not under the hands of somebody who is on a button or has marked a word in it. */
  function replace(part, fresh) {
    var marked = window.getSelection();
    var busy = part.contains(document.activeElement) || (!marked.isCollapsed && part.contains(marked.anchorNode));
    if (!fresh || busy || part.innerHTML === fresh.innerHTML) { return; }
    var atEnd = nearTheEnd();
    part.querySelectorAll("details[open]").forEach(function (open) {
      var same = fresh.querySelector("#" + open.id);
      if (same) { same.open = true; }
    });
    if (part.innerHTML === fresh.innerHTML) { return; }
    part.replaceChildren.apply(part, Array.from(document.importNode(fresh, true).childNodes));
    if (part.id === "thread" && atEnd) { showNewest(); }
  }

  function nearTheEnd() {
    var newest = document.getElementById("newest");
    return newest && newest.getBoundingClientRect().top < window.innerHeight;
  }

  function showNewest() {
    var newest = document.getElementById("newest");
    if (newest) { newest.scrollIntoView({ block: "nearest" }); }
  }

  if (main && main.dataset.refresh) {
    setInterval(refresh, Number(main.dataset.refresh) * SECOND);
    document.addEventListener("visibilitychange", refresh);
  }

  /* --- what would become of the draft --- */

  var compose = document.getElementById("compose");
  if (compose) {
    var text = document.getElementById("text");
    var preview = document.getElementById("preview");
    var untouched = Array.from(preview.childNodes);
    var timer;
    text.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(check, 0.4 * SECOND);
    });
    compose.addEventListener("submit", function (event) {
      if (compose.dataset.sent) { event.preventDefault(); return; }
      compose.dataset.sent = "1";
    });
  }

  function check() {
    if (!text.value.trim()) { preview.replaceChildren.apply(preview, untouched); return; }
    ask("POST", compose.dataset.preview, new URLSearchParams(new FormData(compose)), function (fresh) {
      var found = fresh.getElementById("preview");
      if (found) { preview.replaceChildren.apply(preview, Array.from(document.importNode(found, true).childNodes)); }
    });
  }
}());
