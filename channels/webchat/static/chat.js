/* The talk without reloads. Without this script the same page works by plain forms. Nothing is stored (R18). */
(function () {
  "use strict";

  var SECOND = 1000;
  var log = document.getElementById("log");
  var text = document.getElementById("text");
  var writing = document.getElementById("writing");
  var choices = document.getElementById("choices");
  var status = document.getElementById("status");
  var atKeyboard = document.getElementById("at-keyboard");
  var seen = log.dataset.seen;  // a whole number as text: it may be larger than a script can count exactly
  var over = false;

  document.documentElement.classList.add("scripted");
  document.addEventListener("chat:left", function () {
    over = true;
    if (events) { events.close(); }
    clearTimeout(idleTimer);
  });

  function leave() { document.dispatchEvent(new Event("chat:leave")); }

  /* --- lines --- */

  function makeLine(kind, words) {
    var line = document.getElementById(kind).content.firstElementChild.cloneNode(true);
    line.querySelector(".words").textContent = words;
    line.classList.add("new");
    return line;
  }

  /* What is not sent yet stays below what is. */
  function place(line) { log.insertBefore(line, waiting.values().next().value || null); }

  function show(line) {
    if (!isAfter(line.seq, seen)) { return; }
    var follow = line.mine || nearTheEnd();
    seen = line.seq;
    if (!line.mine || !settle(line.message_id)) {
      place(makeLine(line.mine ? "mine" : line.person ? "person" : "theirs", line.text));
    }
    showChoices(line.choices);
    if (follow) { bringIntoSight(); }
  }

  function nearTheEnd() {
    return document.documentElement.scrollHeight - window.innerHeight - window.scrollY < 200;
  }

  /* The newest line to its beginning: a long one is read from there, a short one brings the end of the page with it. */
  function bringIntoSight() {
    if (log.lastElementChild) { log.lastElementChild.scrollIntoView({ block: "start" }); }
  }

  function unfoldEarlier() {
    var earlier = document.getElementById("earlier");
    if (!earlier) { return; }
    log.prepend.apply(log, earlier.querySelectorAll(".line"));
    earlier.remove();
  }

  function isAfter(one, other) {
    return one.length === other.length ? one > other : one.length > other.length;
  }

  function showChoices(titles) {
    choices.querySelectorAll("button").forEach(function (button) { button.remove(); });
    titles.forEach(function (title) {
      var button = document.createElement("button");
      button.name = "choice";
      button.value = button.textContent = title;
      button.dir = "auto";
      choices.append(button);
    });
  }

  /* --- sending: each message has an id of its own, so that trying again is never a second message --- */

  var PAUSES = [1 * SECOND, 3 * SECOND, 8 * SECOND];
  var waiting = new Map();  // message id -> its line on the page

  function send(words) {
    var id = newId();
    var line = makeLine("mine", words);
    log.append(line);
    waiting.set(id, line);
    showChoices([]);
    bringIntoSight();
    attempt(id, words, 0);
  }

  function newId() {
    return Array.from(crypto.getRandomValues(new Uint8Array(12)), function (byte) {
      return byte.toString(16).padStart(2, "0");
    }).join("");
  }

  function attempt(id, words, tries) {
    fate(id, tries ? "Trying again…" : "Sending…");
    post("/chat/say", { message_id: id, text: words, after: seen }).then(function (answer) {
      if (answer.status === 410) { leave(); return; }
      if (!answer.ok) { throw answer.status; }
      return answer.json().then(function (body) {
        body.lines.forEach(show);
        settle(id);
      });
    }).catch(function (reason) {
      if (over || !waiting.has(id)) { return; }
      if (reason === 429 || tries >= PAUSES.length) { offerAgain(id, words, reason); return; }
      setTimeout(attempt, PAUSES[tries], id, words, tries + 1);
    });
  }

  function post(path, fields) {
    var control = new AbortController();
    var timer = setTimeout(function () { control.abort(); }, 15 * SECOND);
    var request = fetch(path, {
      method: "POST", body: new URLSearchParams(fields), credentials: "same-origin", signal: control.signal,
    });
    var stop = function () { clearTimeout(timer); };
    request.then(stop, stop);
    return request;
  }

  function settle(id) {
    var line = waiting.get(id);
    if (!line) { return false; }
    waiting.delete(id);
    if (waiting.size) { place(line); }
    var note = line.querySelector(".fate");
    if (note) { note.remove(); }
    if (status.dataset.about === id) { tell(""); }
    return true;
  }

  function fate(id, words) {
    var line = waiting.get(id);
    var note = line.querySelector(".fate") || document.createElement("span");
    note.className = "fate";
    note.textContent = words;
    line.append(note);
    return note;
  }

  function offerAgain(id, words, reason) {
    var why = reason === 429 ? "Not sent yet. Wait a moment, then try again." : "Not sent.";
    var again = document.createElement("button");
    again.type = "button";
    again.textContent = "Try again";
    again.addEventListener("click", function () { tell(""); attempt(id, words, 0); });
    fate(id, why).append(document.createElement("br"), again);
    tell(why, id);
  }

  function tell(words, about) {
    status.textContent = words;
    status.dataset.about = about || "";
  }

  /* --- the two forms --- */

  function sendText() {
    var words = text.value.trim();
    text.value = "";
    if (words) { send(words); }
    text.focus();
  }

  writing.addEventListener("submit", function (event) {
    event.preventDefault();
    sendText();
  });
  text.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      sendText();
    }
  });
  choices.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (!button) { return; }
    event.preventDefault();
    log.focus({ preventScroll: true });  // the button is about to go; the text box would open a keyboard
    send(button.value);
  });

  /* --- new lines --- */

  var events = null;
  var failures = 0;
  var nextTry = 0;

  function listen() {
    clearTimeout(nextTry);
    if (over) { return; }
    events = new EventSource("/chat/events?after=" + seen);
    events.addEventListener("open", function () {
      if (failures) { tell(""); }
      failures = 0;
    });
    events.addEventListener("line", function (event) { show(JSON.parse(event.data)); });
    events.addEventListener("state", function (event) { showState(JSON.parse(event.data)); });
    events.addEventListener("gone", leave);
    events.addEventListener("error", lost);
  }

  /* A browser connects again by itself, unless the server answered with an error. */
  function lost() {
    failures += 1;
    if (!over && failures > 1) { tell("The line is down. We are trying to get it back."); }
    if (events.readyState === EventSource.CLOSED) {
      nextTry = setTimeout(listen, Math.min(30, Math.pow(2, failures)) * SECOND);
    }
  }

  window.addEventListener("online", function () {
    if (events.readyState !== EventSource.OPEN) { events.close(); listen(); }  // sooner than the browser would
  });

  function showState(state) {
    document.getElementById("joined").hidden = !state.person;
    atKeyboard.textContent = state.writing ? atKeyboard.dataset.words : "";
    choices.hidden = writing.hidden = state.ended;
    document.getElementById("ended").hidden = !state.ended;
    if (state.ended) {
      keepOnlyTheFarewell();
      over = true;
      events.close();
    }
  }

  /* Who finds this page after a goodbye may be somebody else, so what was said goes from it (R12). */
  function keepOnlyTheFarewell() {
    var lines = Array.from(log.querySelectorAll(".line"));
    var last = lines[lines.length - 1];
    lines.forEach(function (line) { if (line !== last || line.classList.contains("mine")) { line.remove(); } });
    waiting.clear();
  }

  /* --- idle: warn two minutes before, then leave; the server keeps the same time (R21) --- */

  var MINUTE = 60 * SECOND;
  var allowed = Number(log.dataset.idleMinutes) * MINUTE;
  var warning = document.getElementById("idle");
  var stay = document.getElementById("stay");
  var focusBefore = null;
  var idleTimer = 0;
  var lastSign = Date.now();
  var lastTold = Date.now();

  function watchIdle() {
    var quiet = Date.now() - lastSign;
    if (quiet >= allowed) { leave(); return; }
    showWarning(quiet >= allowed - 2 * MINUTE);
    idleTimer = setTimeout(watchIdle, Math.max(SECOND, (warning.hidden ? allowed - 2 * MINUTE : allowed) - quiet));
  }

  /* It takes the focus, so that a screen reader says it, and gives it back. */
  function showWarning(shown) {
    if (shown !== warning.hidden) { return; }
    warning.hidden = !shown;
    if (shown) {
      focusBefore = document.activeElement;
      stay.focus();
    } else if (focusBefore) {
      focusBefore.focus();
    }
  }

  function signOfLife(event) {
    if (event.type === "keydown" && event.target === stay) { return; }  // its click follows
    lastSign = Date.now();
    if (!warning.hidden) { clearTimeout(idleTimer); watchIdle(); }
    if (lastSign - lastTold > MINUTE) { lastTold = lastSign; stayed(); }
  }

  function stayed() {
    post("/chat/stay", {}).then(function (answer) { if (answer.status === 410) { leave(); } }, function () {});
  }

  text.addEventListener("input", signOfLife);
  window.addEventListener("pointerdown", signOfLife);
  window.addEventListener("keydown", signOfLife);
  stay.addEventListener("click", signOfLife);
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden && !over) { clearTimeout(idleTimer); watchIdle(); }  // timers sleep with the phone
  });

  unfoldEarlier();
  watchIdle();
  listen();
  bringIntoSight();
})();
