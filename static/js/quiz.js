// Saves every change of an attempt as it is made, and shows the time that is left. What the server
// has not acknowledged stays on this device and is sent again; without storage the page warns.
const form = document.querySelector("[data-sitting]");
const status = form.querySelector("[data-status]");
const token = form.elements.csrfmiddlewaretoken.value;
const said = form.dataset;
const storeKey = `sitting:${said.sitting}`;
const items = new Map([...form.querySelectorAll("[data-item]")].map((item) => [item.dataset.item, item]));

// As apps/quizzes/types/fields.py reads a form.
const SINGLE = ["choice", "answer", "reason", "text", "value", "unit", "start", "end", "mark", "latitude", "longitude"];
const REPEATED = ["choices", "passages", "order"];
const LABELLED = ["positions", "pairs", "gaps", "items"];

const unsent = new Map(); // position → what is to be saved, until it is acknowledged
const spent = new Map(); // position → milliseconds, since its last save
let isStored = true;
let inFlight = null;
let timer = 0;
let failures = 0;
let isLeaving = false;

const say = (text, kind = "") => {
  status.textContent = text;
  status.className = `sitting__status${kind && ` sitting__status--${kind}`}`;
};

function store() {
  try {
    // With whose it is and where it goes: any page of the site can send it (static/js/device.js).
    const reader = document.querySelector(".masthead__account")?.dataset.reader;
    if (unsent.size) localStorage.setItem(storeKey, JSON.stringify({ reader, url: said.save, saves: [...unsent] }));
    else localStorage.removeItem(storeKey);
  } catch {
    isStored = false;
  }
}

function rawOf(position) {
  const raw = {};
  const prefix = `i${position}.`;
  for (const [name, value] of new FormData(form)) {
    if (!name.startsWith(prefix)) continue;
    const [field, ...rest] = name.slice(prefix.length).split(".");
    const label = rest.join(".");
    if (label && LABELLED.includes(field)) (raw[field] ??= {})[label] = value;
    else if (!label && REPEATED.includes(field)) (raw[field] ??= []).push(value);
    else if (!label && SINGLE.includes(field)) raw[field] = value;
  }
  return raw;
}

function fill(position, save) {
  for (const field of items.get(position).querySelectorAll("input, select, textarea")) {
    const [, name, ...rest] = field.name.split(".");
    const label = rest.join(".");
    if (name === "flag") field.checked = Boolean(save.is_flagged);
    else if (name === "confidence") field.checked = field.value === String(save.confidence);
    else if (label && LABELLED.includes(name)) field.value = save.raw[name]?.[label] ?? "";
    else if (REPEATED.includes(name)) field.checked = (save.raw[name] ?? []).includes(field.value);
    else if (SINGLE.includes(name)) {
      if (field.type === "radio") field.checked = save.raw[name] === field.value;
      else field.value = save.raw[name] ?? "";
    }
  }
}

function note(position) {
  const item = items.get(position);
  const sequence = Math.max(Number(item.dataset.sequence) + 1, Date.now());
  item.dataset.sequence = sequence;
  form.elements[`i${position}.sequence`].value = sequence;
  const confidence = form.elements[`i${position}.confidence`]?.value;
  unsent.set(position, {
    raw: rawOf(position),
    sequence,
    is_flagged: form.elements[`i${position}.flag`].checked,
    ...(confidence ? { confidence: Number(confidence) } : {}),
  });
  store();
  mark(position);
  say(said.saidSaving);
}

function mark(position) {
  const place = form.querySelector(`[data-place="${position}"]`);
  const { raw, is_flagged: isFlagged } = unsent.get(position);
  const isGiven = (value) => (typeof value === "object" ? Object.values(value).some(isGiven) : Boolean(value?.trim()));
  place?.classList.toggle("place--answered", isGiven(raw));
  place?.classList.toggle("place--flagged", isFlagged);
}

const body = () => {
  const saves = {};
  for (const [position, save] of unsent) {
    saves[position] = { ...save, seconds: Math.floor((spent.get(position) ?? 0) / 1000) };
  }
  return JSON.stringify({ saves });
};

const post = (options = {}) =>
  fetch(said.save, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: body(),
    redirect: "manual",
    ...options,
  });

// True when nothing is left to be sent.
async function flush() {
  clearTimeout(timer);
  if (inFlight) await inFlight;
  if (!unsent.size) return true;
  inFlight = send().finally(() => {
    inFlight = null;
  });
  return inFlight;
}

async function send() {
  say(said.saidSaving);
  const sent = new Map(unsent);
  let response;
  try {
    response = await post({ signal: AbortSignal.timeout(15000) });
  } catch {
    return again(said.saidOffline);
  }
  if (response.status === 401 || response.status === 403) return again(said.saidSignedOut);
  if (response.type === "opaqueredirect" || response.status === 429 || response.status >= 500) return again(said.saidOffline);
  const answer = await response.json().catch(() => ({}));
  if (response.status === 409 || response.status === 404) {
    unsent.clear();
    store();
    isLeaving = true;
    location.reload();
    return false;
  }
  if (!response.ok) {
    say(`${said.saidRefused} ${answer.message ?? ""}`, "wrong");
    return false;
  }
  failures = 0;
  let isNewer = false;
  for (const [position, save] of sent) {
    spent.delete(position);
    isNewer ||= answer.sequences[position] > save.sequence;
    if (unsent.get(position)?.sequence === save.sequence) unsent.delete(position);
  }
  store();
  setClock(answer.seconds_left);
  if (isNewer) say(said.saidNewer, "wrong");
  else if (!unsent.size) say(said.saidSaved, "saved");
  else later(200);
  return !unsent.size;
}

function again(text) {
  say(text, "wrong");
  failures += 1;
  later(Math.min(30000, 1000 * 2 ** failures) * (0.75 + Math.random() / 2));
  return false;
}

function later(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(flush, milliseconds);
}

const positionOf = (target) => target.closest?.("[data-item]")?.dataset.item;

for (const [kind, wait] of [["input", 800], ["change", 150]]) {
  form.addEventListener(kind, (event) => {
    const position = positionOf(event.target);
    if (!position || !form.elements[`i${position}.was`]) return;
    note(position);
    later(wait);
  });
}

// Time spent counts for the item that holds the focus, while the page is in front.
let active = null;
let since = performance.now();
function lap(next) {
  const now = performance.now();
  if (active && document.visibilityState === "visible") spent.set(active, (spent.get(active) ?? 0) + now - since);
  since = now;
  if (next) active = next;
}
form.addEventListener("focusin", (event) => lap(positionOf(event.target)));
setInterval(lap, 5000);

form.addEventListener("submit", async (event) => {
  if (isLeaving) {
    event.preventDefault(); // a second click
    return;
  }
  if (!unsent.size) {
    isLeaving = true;
    return;
  }
  event.preventDefault();
  if (await flush()) {
    isLeaving = false;
    form.requestSubmit(event.submitter);
  }
});

addEventListener("online", () => later(0));
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
addEventListener("pagehide", () => {
  if (unsent.size) post({ keepalive: true }).catch(() => {});
});
addEventListener("beforeunload", (event) => {
  if (unsent.size && !isStored) event.preventDefault();
});

// The clock is the server's: every answer of it sets ours.
const clock = form.querySelector("[data-clock]");
const announce = form.querySelector("[data-announce]");
const THRESHOLDS = [1800, 600, 300, 60, 10];
let endsAt = null;
let told = null;

function setClock(secondsLeft) {
  if (clock && secondsLeft !== null && secondsLeft !== undefined) endsAt = performance.now() + secondsLeft * 1000;
}

function inWords(seconds) {
  const [value, unit] = seconds < 60 ? [seconds, "second"] : [Math.round(seconds / 60), "minute"];
  const words = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, unitDisplay: "long" });
  return `${words.format(value)} ${said.saidLeft}`;
}

function tick() {
  const seconds = Math.max(0, Math.ceil((endsAt - performance.now()) / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (!parts[0]) parts.shift();
  clock.textContent = parts.map((part, place) => (place ? String(part).padStart(2, "0") : part)).join(":");
  clock.parentElement.classList.toggle("sitting__clock--short", seconds <= 60);
  const threshold = THRESHOLDS.filter((each) => seconds <= each).at(-1);
  if (told !== null && threshold !== undefined && threshold !== told) announce.textContent = inWords(threshold);
  told = threshold ?? 0;
  if (seconds === 0 && !isLeaving) finish();
  else setTimeout(tick, 1000 - ((performance.now() - endsAt) % 1000 + 1000) % 1000 || 1000);
}

const ask = () => post({ body: JSON.stringify({ saves: {} }) });

// The end may have been moved meanwhile; and without a network there is nothing to go to yet.
async function finish() {
  await flush();
  if (isLeaving) return;
  let answer;
  try {
    answer = await ask();
  } catch {
    say(said.saidOffline, "wrong");
    setTimeout(finish, 5000);
    return;
  }
  const { seconds_left: left } = await answer.json().catch(() => ({}));
  if (left > 0) {
    setClock(left);
    tick();
    return;
  }
  unsent.clear();
  store();
  form.requestSubmit(form.querySelector("[data-time-over]"));
}

document.addEventListener("visibilitychange", () => {
  lap();
  if (document.visibilityState === "visible" && clock) {
    ask()
      .then((response) => response.json())
      .then((answer) => setClock(answer.seconds_left))
      .catch(() => {});
  }
});

try {
  const kept = JSON.parse(localStorage.getItem(storeKey)) ?? [];
  for (const [position, save] of kept.saves ?? kept) {
    const item = items.get(position);
    if (item ? save.sequence <= Number(item.dataset.sequence) : false) continue;
    if (item) {
      fill(position, save);
      item.dataset.sequence = save.sequence;
      form.elements[`i${position}.sequence`].value = save.sequence;
    }
    unsent.set(position, save);
    mark(position);
  }
} catch {
  localStorage?.removeItem(storeKey);
}
if (unsent.size) later(0);
else say(said.saidSaved, "saved");
if (said.secondsLeft !== undefined) {
  form.querySelector("[data-clock-label]").textContent = said.saidTimeLeft;
  setClock(Number(said.secondsLeft));
  tick();
}
