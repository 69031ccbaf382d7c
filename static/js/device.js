// Who reads on this device, and what of theirs it holds under `private:`, `notes:unsent`,
// `reading:` and `sitting:`. On a page's copy, which is everybody's, it puts the reader back; it
// sends what was written offline as soon as any page of the site is open, and clears it when they
// leave. docs/offline.md says what stays when.
const { device, worker } = document.querySelector("script[data-device]").dataset;
const place = document.querySelector(".masthead__account");
const isCopy = Boolean(document.querySelector("[data-kept]:not([hidden])"));
const hex = (id) => String(id ?? "").replaceAll("-", "");
let store = null;
try {
  store = localStorage;
  store.getItem("reader");
} catch {
  store = null; // Storage is forbidden: nothing is held, and nothing is to be cleared.
}

const parsed = (key, otherwise) => {
  try {
    return JSON.parse(store.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
};
const put = (key, value, isEmpty) => (isEmpty ? store.removeItem(key) : store.setItem(key, JSON.stringify(value)));
const unsentNotes = () => parsed("notes:unsent", []);
const isOf = (reader) => (each) => hex(each.reader) === reader;
const sittingsOf = (reader) =>
  Object.keys(store)
    .filter((key) => key.startsWith("sitting:") && hex(parsed(key, {}).reader) === reader)
    .map((key) => [key, parsed(key, {})]);

// What the server has too; with `isAll` also what it has not.
function clear(reader, isAll) {
  for (const key of Object.keys(store)) if (key.startsWith(`private:${reader}:`)) store.removeItem(key);
  if (hex(store.getItem("reader")) === reader) store.removeItem("reader");
  if (!isAll) return;
  const others = unsentNotes().filter((each) => !isOf(reader)(each));
  put("notes:unsent", others, !others.length);
  for (const [key] of sittingsOf(reader)) store.removeItem(key);
  store.removeItem(`reading:${reader}`);
  store.removeItem(`leaving:${reader}`);
}

// Notes and answers of pages that are not open; those that are send their own.
const waitingOf = (reader) => ({
  notes: document.querySelector("[data-notes]") ? [] : unsentNotes().filter((each) => isOf(reader)(each) && !each.refused),
  sittings: sittingsOf(reader).filter(([key]) => key !== `sitting:${document.querySelector("[data-sitting]")?.dataset.sitting}`),
});

async function send(reader) {
  const { notes, sittings } = waitingOf(reader);
  if (!notes.length && !sittings.length) return;
  const { reader: there, token } = await (await fetch(device)).json();
  if (there !== reader) return;
  const post = (url, headers, body) =>
    fetch(url, { method: "POST", redirect: "manual", headers: { "X-CSRFToken": token, ...headers }, body });
  for (const { url, fields } of notes) {
    const answer = await post(url, { "X-Requested-With": "fetch" }, new URLSearchParams(fields));
    if (!answer.ok) continue; // its lesson says why, when it is open next
    const left = unsentNotes().filter((each) => each.fields.client_id !== fields.client_id);
    put("notes:unsent", left, !left.length);
  }
  for (const [key, { url, saves }] of sittings) {
    const body = JSON.stringify({ saves: Object.fromEntries(saves.map(([position, save]) => [position, { ...save, seconds: 0 }])) });
    const answer = await post(url, { "Content-Type": "application/json" }, body);
    const isOver = [404, 409].includes(answer.status); // closed meanwhile: there is nothing left to save it in
    if ((answer.ok || isOver) && JSON.stringify(parsed(key, {}).saves) === JSON.stringify(saves)) store.removeItem(key);
  }
}

function leave(reader) {
  const form = document.querySelector("[data-leave]");
  const warning = form?.querySelector("[data-unsent]");
  form?.addEventListener("submit", (event) => {
    // What the site refused is lost as well: its words are nowhere else.
    if (warning.hidden && (unsentNotes().some(isOf(reader)) || sittingsOf(reader).length)) {
      event.preventDefault();
      warning.hidden = false;
      warning.focus();
      return;
    }
    clear(reader, true);
  });
  const wish = document.querySelector("[data-leaving]")?.dataset.leaving;
  if (wish === "1") store.setItem(`leaving:${reader}`, "1");
  else if (wish) store.removeItem(`leaving:${reader}`);
}

async function start() {
  const reader = place?.dataset.reader;
  const known = hex(store.getItem("reader"));
  if (reader) {
    if (known && known !== reader) clear(known, false);
    store.setItem("reader", reader);
    leave(reader);
    addEventListener("online", () => send(reader).catch(() => {}));
    await send(reader);
  } else if (known && isCopy && place) {
    place.dataset.reader = known;
    place.hidden = true; // it offers to log in
  } else if (known) {
    // A page of nobody's: logged out or erased, here or elsewhere, or only an error. The site knows.
    const { reader: there } = await (await fetch(device)).json();
    if (there !== known) clear(known, store.getItem(`leaving:${known}`) === "1");
  }
}

if (store) {
  start().catch(() => {
    // No network: the next page tries again.
  });
}

// Whoever keeps a course has a worker; it follows the language of the pages, and each release.
navigator.serviceWorker?.getRegistration().then((registration) => {
  if (registration) navigator.serviceWorker.register(`${worker}?language=${document.documentElement.lang}`);
});
