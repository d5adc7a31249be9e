/* The way out, for every page (R16, R17). Classic and not deferred, so that it is there before anything is drawn.
 *
 * Leaving: 1. blank the page. 2. Ask the server to destroy the session, for one second at most. 3. Replace this page.
 */
(function () {
  "use strict";

  var script = document.currentScript;
  var to = script.dataset.to;
  var hasSession = "session" in script.dataset;
  var SECOND = 1000;
  var BETWEEN_PRESSES = 5 * SECOND;
  var left = false;

  function leave() {
    if (left) { return; }
    left = true;
    blank();
    document.dispatchEvent(new Event("chat:left"));
    var done = fetch("/exit", { method: "POST", keepalive: true, redirect: "manual", credentials: "same-origin" });
    var late = new Promise(function (resolve) { setTimeout(resolve, SECOND); });
    Promise.race([done.catch(function () {}), late]).then(go);
  }

  function go() { location.replace(to); }

  /* Hidden at once by the style sheet, then really taken out, so that nothing is left for a restored page to show. */
  function blank() {
    document.documentElement.classList.add("gone");
    say("now");
    var body = document.body;
    if (!body) { return; }
    Array.from(body.children).forEach(function (part) { if (part.id !== "leaving") { part.remove(); } });
  }

  function say(which) {
    var leaving = document.getElementById("leaving");
    if (leaving) { leaving.textContent = leaving.dataset[which]; }
  }

  /* --- by pointer, key or any other way of following a link; with the second mouse button too --- */

  function follow(event) {
    var link = event.target.closest && event.target.closest("a");
    if (!link) { return; }
    if (link.id === "leave" || "leave" in link.dataset) {
      event.preventDefault();
      leave();
    } else if ("replace" in link.dataset && event.type === "click" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();  // one entry in the history for all our pages (R18)
      location.replace(link.href);
    }
  }
  window.addEventListener("click", follow, true);
  window.addEventListener("auxclick", follow, true);

  /* --- Shift three times: alone, down and up, with no other key or click between --- */

  var presses = 0;
  var alone = false;
  var forget = 0;

  function startAgain(spoken) {
    clearTimeout(forget);
    if (presses && spoken) { say("none"); }
    presses = 0;
    alone = false;
    showPresses();
  }

  function showPresses() {
    var dots = document.getElementById("presses");
    if (!dots) { return; }
    dots.classList.toggle("on", presses > 0);
    Array.from(dots.children).forEach(function (dot, index) { dot.classList.toggle("lit", index < presses); });
  }

  function pressed() {
    presses += 1;
    showPresses();
    clearTimeout(forget);
    if (presses === 3) { leave(); return; }
    say(presses === 1 ? "two" : "one");
    forget = setTimeout(startAgain, BETWEEN_PRESSES, true);
  }

  window.addEventListener("keydown", function (event) {
    if (event.key !== "Shift" || event.ctrlKey || event.altKey || event.metaKey) { startAgain(false); return; }
    if (!event.repeat) { alone = true; }
  }, true);
  window.addEventListener("keyup", function (event) {
    if (event.key === "Shift" && alone) { alone = false; pressed(); }
  }, true);
  window.addEventListener("pointerdown", function () { startAgain(false); }, true);
  window.addEventListener("blur", function () { startAgain(false); });

  /* --- a page that comes back --- */

  window.addEventListener("pageshow", function (event) {
    if (left) {
      blank();
      go();
    } else if (event.persisted && hasSession) {
      blank();
      location.reload();  // the server knows whether the talk is still open
    } else if ((event.persisted || cameBack()) && !hasSession) {
      leave();
    }
  });

  /* By Back, Forward or a reopened tab, not by a link of ours: our links leave no entry to come back to. */
  function cameBack() {
    var navigation = performance.getEntriesByType && performance.getEntriesByType("navigation")[0];
    if (navigation) { return navigation.type === "back_forward"; }
    return Boolean(performance.navigation) && performance.navigation.type === 2;  // before Safari 15
  }

  document.addEventListener("chat:leave", leave);
})();
