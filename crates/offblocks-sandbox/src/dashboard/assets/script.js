// What pages do beyond links and forms: look again while something changes, follow the request log
// and copy texts. Without this script they work too.
"use strict";

// Buttons that copy.

function offerCopies(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = "Copy"; }, 1500);
});

// While something shown changes by itself, the page is read again, more and more slowly.

async function lookAgain(pause) {
  const main = document.getElementById("main");
  if (!main.hasAttribute("data-changes")) return;
  await new Promise((resolve) => setTimeout(resolve, pause));
  const typing = main.contains(document.activeElement) && document.activeElement !== main;
  if (!document.hidden && !typing) {
    try {
      const response = await fetch(location.href);
      const text = await response.text();
      const next = new DOMParser().parseFromString(text, "text/html").getElementById("main");
      if (response.ok && next && next.innerHTML !== main.innerHTML) {
        main.replaceWith(next);
        offerCopies(next);
        pause = 200;
      }
    } catch {
      // The sandbox is not there at the moment.
    }
  }
  lookAgain(Math.min(pause * 1.5, 5000));
}

// The request log grows at its top while the page is open.

const MOST_ROWS = 200;

function follow(table) {
  const body = table.tBodies[0];
  const said = document.getElementById("live");
  const pause = document.getElementById("pause");
  let held = null;
  const say = (text, on) => {
    said.textContent = text;
    said.classList.toggle("on", on);
  };
  const show = (html) => {
    const none = document.getElementById("none");
    if (none) none.remove();
    table.hidden = false;
    body.insertAdjacentHTML("afterbegin", html);
    body.rows[0].classList.add("fresh");
    while (body.rows.length > MOST_ROWS) body.rows[body.rows.length - 1].remove();
  };
  const events = new EventSource(table.dataset.live);
  events.addEventListener("open", () => say("Live", true));
  events.addEventListener("error", () => say("Waiting for the sandbox", false));
  events.addEventListener("row", (event) => {
    if (held) held.push(event.data);
    else show(event.data);
    if (held && held.length > MOST_ROWS) held.shift();
  });
  pause.hidden = false;
  pause.addEventListener("click", () => {
    if (held) {
      held.forEach(show);
      held = null;
    } else {
      held = [];
    }
    pause.textContent = held ? "Go on" : "Pause";
    say(held ? "Paused" : "Live", !held);
  });
  addEventListener("pagehide", () => events.close());
}

// A snapshot is sent as the file that was chosen.

async function restore(place) {
  const said = document.getElementById("restored");
  const file = document.getElementById("snapshot").files[0];
  if (!file) {
    said.textContent = "Choose a file first.";
    return;
  }
  said.textContent = "It is being restored…";
  try {
    const headers = { "content-type": "application/x-ndjson" };
    const response = await fetch(place, { method: "PUT", headers, body: file });
    const body = await response.json();
    said.textContent = response.ok ? `Restored: ${body.rows} rows.` : `Not restored: ${body.detail}`;
  } catch {
    said.textContent = "Not restored: the sandbox is not there.";
  }
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-restores]")) return;
  restore(event.target.closest("[data-restore]").dataset.restore);
});

offerCopies(document);
lookAgain(200);
const live = document.querySelector("[data-live]");
if (live) follow(live);
