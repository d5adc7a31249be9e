/* A page that looks again by itself: it asks for the same page and takes over the parts that are marked as live. */
(function () {
  "use strict";

  var SECOND = 1000;
  var main = document.getElementById("main");
  document.documentElement.classList.add("scripted");

  function refresh() {
    if (document.hidden) { return; }
    var request = new XMLHttpRequest();
    request.open("GET", location.pathname);
    request.setRequestHeader("X-Desk-Refresh", "1");
    request.responseType = "document";  // parsed, never run; no string becomes markup here
    request.timeout = 15 * SECOND;
    request.onload = function () {
      if (request.status === 401) { location.replace("/desk/login"); return; }
      if (request.status === 200 && request.response) { take(request.response); }
    };
    request.send();
  }

  function take(fresh) {
    document.title = fresh.title;
    document.querySelectorAll("[data-live]").forEach(function (part) {
      var found = fresh.getElementById(part.id);
      if (found) { replace(part, found); }
    });
  }

  /* Not under the hands of somebody who is on a button or has marked a word in it. */
  function replace(part, fresh) {
    var marked = window.getSelection();
    var busy = (part !== document.activeElement && part.contains(document.activeElement)) ||
      (!marked.isCollapsed && part.contains(marked.anchorNode));
    if (busy) { return; }
    part.querySelectorAll("details[open]").forEach(function (open) {
      var same = fresh.querySelector("#" + open.id);
      if (same) { same.open = true; }
    });
    if (part.innerHTML === fresh.innerHTML) { return; }
    var follow = atEnd(part);
    part.replaceChildren.apply(part, Array.from(document.importNode(fresh, true).childNodes));
    if (follow) { showEnd(part); }
  }

  /* A part with data-end is a talk: whoever reads its end goes on seeing the end. */
  function atEnd(part) {
    if (!("end" in part.dataset)) { return false; }
    if (part.scrollHeight > part.clientHeight) { return part.scrollHeight - part.scrollTop - part.clientHeight < 40; }
    var last = part.querySelector("li:last-child");
    return Boolean(last) && last.getBoundingClientRect().top < window.innerHeight;
  }

  function showEnd(part) {
    part.scrollTop = part.scrollHeight;
    var last = part.querySelector("li:last-child");
    if (last && last.id === "newest") { last.scrollIntoView({ block: "nearest" }); }
  }

  document.querySelectorAll("[data-end]").forEach(function (part) { part.scrollTop = part.scrollHeight; });
  if (main && main.dataset.refresh) {
    setInterval(refresh, Number(main.dataset.refresh) * SECOND);
    document.addEventListener("visibilitychange", refresh);
    document.addEventListener("live:now", refresh);
  }
}());
