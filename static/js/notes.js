// Highlights and notes beside a lesson, for readers who are signed in. The lesson's page is the same
// bytes for everybody; what is a reader's comes by a request of its own. Without this file, “Your
// notes on this lesson” leads to a page that does the same with links and a form.

const entry = document.querySelector("[data-notes]");
const sections = [...document.querySelectorAll(".edition .section[id]")];
const QUEUE = "notes:unsent";
const AGAIN_MS = 20_000;
const CONTEXT = 64;
const LEFT_OUT = ".anchor, .sources, .footnote-ref";
const SPACE = /[ \t\n\f\r]/;
const KINDS = ["highlight", "note", "confused"];

// A section's text as apps/notes/passages.py has it, with the text node of every letter of it.
function textOf(section) {
  const letters = [];
  const places = [];
  const walker = document.createTreeWalker(section, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest(LEFT_OUT)) continue;
    for (let at = 0; at < node.data.length; at += 1) {
      const isSpace = SPACE.test(node.data[at]);
      if (isSpace && (letters.length === 0 || letters.at(-1) === " ")) continue;
      letters.push(isSpace ? " " : node.data[at]);
      places.push([node, at]);
    }
  }
  if (letters.at(-1) === " ") {
    letters.pop();
    places.pop();
  }
  return { text: letters.join(""), places };
}

// Positions count code points, strings of this language UTF-16.
const points = (text) => [...text].length;
const units = (text, count) => [...text].slice(0, count).join("").length;

function rangeOf({ text, places }, start, end) {
  const [first, last] = [units(text, start), units(text, end) - 1];
  if (!places[first] || !places[last] || last < first) return null;
  const range = document.createRange();
  range.setStart(...places[first]);
  range.setEnd(places[last][0], places[last][1] + 1);
  return range;
}

// What is selected, within the section in which the selection begins.
function passageOf(selection) {
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const section = sections.find((each) => range.intersectsNode(each));
  if (!section) return null;
  const { text, places } = textOf(section);
  const isIn = ([node, at]) => range.comparePoint(node, at) >= 0 && range.comparePoint(node, at + 1) <= 0;
  let first = places.findIndex(isIn);
  let last = places.findLastIndex(isIn);
  while (first <= last && text[first] === " ") first += 1;
  while (last >= first && text[last] === " ") last -= 1;
  if (first < 0 || last < first) return null;
  const exact = text.slice(first, last + 1);
  return {
    section: section.id,
    exact,
    before: [...text.slice(0, first)].slice(-CONTEXT).join(""),
    after: [...text.slice(last + 1)].slice(0, CONTEXT).join(""),
    start: points(text.slice(0, first)),
    end: points(text.slice(0, last + 1)),
  };
}

// Drawn by the browser where it can, else by marks around the words.
const canDraw = Boolean(globalThis.CSS?.highlights && globalThis.Highlight);
let drawn = []; // { range, id }

function erase() {
  if (canDraw) for (const kind of KINDS) CSS.highlights.delete(`note-${kind}`);
  for (const mark of document.querySelectorAll("mark[data-note]")) {
    const parent = mark.parentNode;
    mark.replaceWith(...mark.childNodes);
    parent.normalize();
  }
  drawn = [];
}

function wrap(range, kind) {
  const walker = document.createTreeWalker(range.commonAncestorContainer, NodeFilter.SHOW_TEXT);
  const nodes = range.commonAncestorContainer.nodeType === Node.TEXT_NODE ? [range.commonAncestorContainer] : [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) if (range.intersectsNode(node)) nodes.push(node);
  const { startContainer, startOffset, endContainer, endOffset } = range;
  for (const node of nodes) {
    const from = node === startContainer ? startOffset : 0;
    const to = node === endContainer ? endOffset : node.data.length;
    if (to <= from || !node.data.slice(from, to).trim()) continue;
    const part = document.createRange();
    part.setStart(node, from);
    part.setEnd(node, to);
    const mark = document.createElement("mark");
    mark.dataset.note = kind;
    part.surroundContents(mark);
  }
}

function draw(items) {
  erase();
  const ranges = new Map(KINDS.map((kind) => [kind, []]));
  const texts = new Map();
  for (const item of items) {
    const section = sections.find((each) => each.id === item.dataset.section);
    if (!section) continue;
    if (!canDraw || !texts.has(section)) texts.set(section, textOf(section)); // marks split its nodes
    const range = rangeOf(texts.get(section), Number(item.dataset.start), Number(item.dataset.end));
    if (!range) continue;
    drawn.push({ range, id: item.id });
    ranges.get(item.dataset.kind)?.push(range);
    if (!canDraw) wrap(range, item.dataset.kind);
  }
  if (canDraw) for (const [kind, found] of ranges) if (found.length) CSS.highlights.set(`note-${kind}`, new Highlight(...found));
}

// What the site has not taken yet, of whoever reads on this device.
let memory = [];
let isStored = true;

function queue() {
  try {
    return JSON.parse(localStorage.getItem(QUEUE)) ?? memory;
  } catch {
    return memory;
  }
}

function store(items) {
  memory = items;
  try {
    if (items.length) localStorage.setItem(QUEUE, JSON.stringify(items));
    else localStorage.removeItem(QUEUE);
  } catch {
    isStored = false;
  }
}

const change = (id, fields) => store(queue().map((each) => (each.fields.client_id === id ? { ...each, ...fields } : each)));
const forget = (id) => store(queue().filter((each) => each.fields.client_id !== id));

let frame = null;
let panel = null;
let chosen = null; // the passage that a composer is about, with its kind
let sending = null;
const of = (name) => frame.querySelector(`[data-${name}]`);
const say = (text) => {
  of("said").textContent = text;
};

// A reader who keeps the course has their notes here as they last were (static/js/offline.js).
const ownKey = () => `private:${document.querySelector(".masthead__account").dataset.reader}:${entry.dataset.notes}`;

function lastKnown(fresh) {
  try {
    const known = localStorage.getItem(ownKey());
    if (fresh && known) localStorage.setItem(ownKey(), fresh.replace(/(name="csrfmiddlewaretoken" value=")[^"]*/, "$1"));
    return known;
  } catch {
    return null;
  }
}

async function panelText() {
  let answer;
  try {
    answer = await fetch(entry.dataset.notes, { headers: { "X-Requested-With": "fetch" } });
  } catch (error) {
    const known = frame ? null : lastKnown();
    if (known) return known;
    throw error;
  }
  if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
  const text = await answer.text();
  lastKnown(text);
  return text;
}

async function load() {
  const text = await panelText();
  const holder = document.createElement("template");
  holder.innerHTML = text;
  const fresh = holder.content.querySelector("#notes-frame");
  if (!frame) {
    frame = fresh;
    document.body.append(frame);
    panel = frame.querySelector(".notes-panel");
    listen();
  } else {
    of("list").replaceChildren(...fresh.querySelector("[data-list]").childNodes);
    of("composer").elements.csrfmiddlewaretoken.value = fresh.querySelector("[name=csrfmiddlewaretoken]").value;
  }
  show();
}

const mine = () => queue().filter((each) => each.reader === frame.dataset.readerId);

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

// One that is not sent yet, in the list as any other.
function waiting(each) {
  const item = document.createElement("li");
  const { fields } = each;
  item.className = `note-item note-item--${fields.kind} note-item--unsent`;
  item.id = `note-${fields.client_id}`;
  item.tabIndex = -1;
  Object.assign(item.dataset, { section: fields.section, start: fields.start, end: each.end, kind: fields.kind, unsent: "" });
  const quote = document.createElement("blockquote");
  quote.className = "note-item__passage";
  quote.dir = "auto";
  quote.textContent = fields.exact;
  const words = document.createElement("p");
  words.className = "note-item__words";
  words.dir = "auto";
  words.textContent = fields.body;
  const remark = document.createElement("p");
  remark.className = "note-item__remark";
  remark.textContent = each.refused ? `${frame.dataset.saidRefused} ${each.refused}` : frame.dataset.saidUnsent;
  item.append(quote, words, remark);
  if (each.refused) {
    const verbs = document.createElement("p");
    verbs.className = "note-item__verbs";
    const again = { ...fields, exact: "", before: "", after: "", start: 0, kind: fields.kind === "highlight" ? "note" : fields.kind };
    if (each.code === "passage_not_found" && fields.body) {
      verbs.append(button(frame.dataset.saidWhole, () => (change(fields.client_id, { fields: again, end: 0, refused: "" }), show(), send())));
    }
    verbs.append(button(frame.dataset.saidDiscard, () => (forget(fields.client_id), show())));
    item.append(verbs);
  }
  return item;
}

function show() {
  const list = of("list");
  for (const item of list.querySelectorAll("[data-unsent]")) item.remove();
  list.append(...mine().filter((each) => each.url === frame.dataset.post).map(waiting));
  const order = new Map(sections.map((section, at) => [section.id, at]));
  const rank = (item) => [order.get(item.dataset.section) ?? sections.length, Number(item.dataset.start)];
  const items = [...list.children].sort((a, b) => rank(a)[0] - rank(b)[0] || rank(a)[1] - rank(b)[1]);
  list.append(...items);
  of("count").textContent = items.length;
  of("empty").hidden = items.length > 0;
  draw(items);
}

async function send() {
  sending ??= sendAll().finally(() => {
    sending = null;
  });
  return sending;
}

const post = (each) =>
  fetch(each.url, {
    method: "POST",
    headers: { "X-Requested-With": "fetch", "X-CSRFToken": of("composer").elements.csrfmiddlewaretoken.value },
    body: new URLSearchParams(each.fields),
    redirect: "manual",
    signal: AbortSignal.timeout(15_000),
  });

async function sendAll() {
  let isNew = false;
  // A frame that was kept on this device holds no token: the site gives one when it answers.
  if (mine().some((each) => !each.refused) && !of("composer").elements.csrfmiddlewaretoken.value) {
    try {
      await load();
    } catch {
      say(isStored ? frame.dataset.saidUnsent : frame.dataset.saidFull);
      return show();
    }
  }
  for (const each of mine().filter((item) => !item.refused)) {
    let answer;
    try {
      answer = await post(each);
      if (answer.status === 403) {
        // The token is older than the cookie it goes with: another request was given a new one.
        await load().catch(() => {});
        answer = await post(each);
      }
    } catch {
      say(isStored ? frame.dataset.saidUnsent : frame.dataset.saidFull);
      break;
    }
    if (answer.type === "opaqueredirect" || answer.status === 403) {
      say(frame.dataset.saidSignedOut);
      break;
    }
    if (answer.status === 429 || answer.status >= 500) {
      const { message } = await answer.json().catch(() => ({}));
      say(message ?? frame.dataset.saidUnsent);
      break;
    }
    if (answer.ok) {
      forget(each.fields.client_id);
      isNew = true;
      say(frame.dataset.saidKept);
    } else {
      const { message, code } = await answer.json().catch(() => ({}));
      change(each.fields.client_id, { refused: message ?? answer.statusText, code });
    }
  }
  if (isNew) await load().catch(show);
  else show();
}

function keep(kind, passage, body = "", audience = "") {
  const fields = { ...passage, kind, body, audience, client_id: newId(), edition: frame.dataset.edition };
  const { end } = passage;
  delete fields.end;
  store([...queue(), { reader: frame.dataset.readerId, url: frame.dataset.post, fields, end }]);
  show();
  send();
}

// randomUUID is there on secure pages alone.
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function openPanel() {
  hideBar();
  panel.hidden = false;
  of("open").setAttribute("aria-expanded", "true");
}

function closePanel() {
  panel.hidden = true;
  of("open").setAttribute("aria-expanded", "false");
  of("open").focus();
}

function focusOn(id) {
  openPanel();
  const item = document.getElementById(id);
  item?.scrollIntoView({ block: "nearest" });
  item?.focus({ preventScroll: true });
}

function compose(kind, passage) {
  chosen = { kind, passage };
  const form = of("composer");
  const label = form.querySelector("label[for=notes-body]");
  form.reset();
  label.textContent = kind === "confused" ? label.dataset.labelConfused : label.dataset.labelNote;
  of("quote").textContent = passage.exact;
  const audience = form.elements.audience;
  if (audience) {
    for (const option of audience.options) option.disabled = kind === "confused" && option.value.startsWith("class:");
    of("confused-rule").hidden = kind !== "confused";
  }
  form.hidden = false;
  openPanel();
  form.elements.body.focus();
}

function make(kind) {
  const passage = passageOf(getSelection()) ?? held;
  if (!passage) return;
  hideBar();
  if (kind === "highlight") {
    getSelection().removeAllRanges();
    keep(kind, passage);
  } else compose(kind, passage);
}

// The selection goes when a finger reaches for a button; the passage is held meanwhile.
let held = null;
let pause = 0;

function hideBar() {
  of("bar").hidden = true;
  held = null;
}

function placeBar() {
  const bar = of("bar");
  if (bar.contains(document.activeElement)) return;
  const passage = panel.contains(document.activeElement) ? null : passageOf(getSelection());
  if (!passage) return hideBar();
  held = passage;
  bar.hidden = false;
  const boxes = getSelection().getRangeAt(0).getClientRects();
  const [first, last] = [boxes[0], boxes[boxes.length - 1]];
  const size = bar.getBoundingClientRect();
  const width = document.documentElement.clientWidth;
  const isAbove = matchMedia("(pointer: fine)").matches && first.top > size.height + 12;
  const top = isAbove ? first.top - size.height - 8 : Math.min(last.bottom + 12, innerHeight - size.height - 8);
  const left = Math.min(Math.max(8, (isAbove ? first : last).left), Math.max(8, width - size.width - 8));
  bar.style.setProperty("--bar-top", `${top}px`);
  bar.style.setProperty("--bar-left", `${left}px`);
}

function hit(event) {
  if (!getSelection().isCollapsed || event.target.closest("a, button")) return;
  const found = drawn.find(({ range }) =>
    [...range.getClientRects()].some(
      (box) => event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom,
    ),
  );
  if (found) focusOn(found.id);
}

function listen() {
  document.addEventListener("selectionchange", () => {
    clearTimeout(pause);
    pause = setTimeout(placeBar, 150);
  });
  addEventListener("scroll", () => !of("bar").hidden && placeBar(), { passive: true });
  document.addEventListener("keydown", (event) => {
    if (event.altKey && event.shiftKey && !event.ctrlKey && !event.metaKey) {
      const kind = { KeyH: "highlight", KeyN: "note", KeyC: "confused" }[event.code];
      if (!kind || !(passageOf(getSelection()) ?? held)) return;
      event.preventDefault();
      make(kind);
    } else if (event.key === "Escape") {
      if (!of("bar").hidden) hideBar();
      else if (panel.contains(document.activeElement)) closePanel();
    }
  });
  of("bar").addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
  of("bar").addEventListener("click", (event) => {
    const { make: kind } = event.target.closest("[data-make]")?.dataset ?? {};
    if (kind) make(kind);
  });
  of("open").addEventListener("click", () => {
    if (!panel.hidden) return closePanel();
    openPanel();
    panel.focus();
  });
  of("close").addEventListener("click", closePanel);
  const form = of("composer");
  of("cancel").addEventListener("click", () => {
    form.hidden = true;
    panel.focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { kind, passage } = chosen;
    const body = form.elements.body.value;
    if (kind === "note" && !body.trim()) return form.elements.body.focus();
    form.hidden = true;
    getSelection().removeAllRanges();
    keep(kind, passage, body, form.elements.audience?.value ?? "");
    panel.focus();
  });
  of("list").addEventListener("click", (event) => {
    const item = event.target.closest(".note-item");
    if (!item || event.target.closest("a, button, summary")) return;
    drawn.find(({ id }) => id === item.id)?.range.startContainer.parentElement.scrollIntoView({ block: "center" });
  });
  for (const section of sections) section.addEventListener("click", hit);
  addEventListener("online", () => load().then(send, send));
  setInterval(() => mine().some((each) => !each.refused) && send(), AGAIN_MS);
  send();
  placeBar(); // of what was selected before the notes were there
}

if (entry && document.querySelector("[data-reader]")) {
  load().catch(() => {
    // The site does not answer: the lesson is read without notes, and they come with the next visit.
  });
}
