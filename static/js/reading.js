// What was read, on the page of a lesson and on a course's title page. Everything is first kept on
// this device. For a reader who is logged in it is sent on in batches, and kept until the server
// has it: a closed tab or a lost network loses nothing. Of everybody else nothing leaves the device.
const page = document.querySelector("[data-reading]");
const said = page.dataset;
const reader = document.querySelector("[data-reader]")?.dataset.reader ?? "";
const storeKey = `reading:${reader}`;
const SEND_EVERY = 20_000; // milliseconds
const MOST = 50; // lessons in a batch, as the server takes them

let token = "";
let isSending = false;
let hasMoved = false;
let memory = {}; // where storage is forbidden

const kept = () => {
  try {
    return JSON.parse(localStorage.getItem(storeKey)) ?? {};
  } catch {
    return memory;
  }
};

const keep = (rows) => {
  memory = rows;
  try {
    if (Object.keys(rows).length) localStorage.setItem(storeKey, JSON.stringify(rows));
    else localStorage.removeItem(storeKey);
  } catch {
    // Storage is forbidden or full: it is known as long as the page is open.
  }
};

const record = (seen, resume = "") => {
  const rows = kept();
  const row = rows[said.lesson] ?? { seen: [] };
  rows[said.lesson] = {
    seen: [...new Set([...row.seen, ...seen])],
    resume: resume || row.resume,
    at: resume ? Date.now() : row.at,
  };
  keep(rows);
};

// What came in while a batch was on its way stays.
const acknowledge = (sent) => {
  const rows = kept();
  for (const [lesson, row] of sent) {
    const now = rows[lesson];
    if (!now) continue;
    const seen = now.seen.filter((anchor) => !row.seen.includes(anchor));
    const hasMovedOn = Boolean(now.resume) && now.at !== row.at;
    if (seen.length || hasMovedOn) rows[lesson] = { seen, ...(hasMovedOn ? { resume: now.resume, at: now.at } : {}) };
    else delete rows[lesson];
  }
  keep(rows);
};

const reportOf = ([key, row]) => {
  const [course, unit, lesson] = key.split("/");
  const stopped = row.resume && row.at ? { resume: row.resume, at: row.at } : {};
  return { course, unit, lesson, seen: row.seen, ...stopped };
};

// What the server knows; without a network what it last said, where the course is kept here.
const ownKey = `private:${reader}:${said.progress}`;

async function known() {
  const nothing = { lessons: {}, next: null };
  try {
    const answer = await fetch(said.progress, { redirect: "manual" });
    if (!answer.ok) return nothing;
    const fresh = await answer.json();
    token = fresh.token ?? "";
    try {
      if (localStorage.getItem(ownKey)) localStorage.setItem(ownKey, JSON.stringify({ ...fresh, token: "" }));
    } catch {
      // Storage is forbidden or full: offline, what this device saw has to do.
    }
    return fresh;
  } catch {
    try {
      return JSON.parse(localStorage.getItem(ownKey)) ?? nothing;
    } catch {
      return nothing;
    }
  }
}

async function send() {
  const rows = Object.entries(kept()).slice(0, MOST);
  if (isSending || !rows.length) return;
  isSending = true;
  try {
    if (!token && navigator.onLine) await known(); // this page was opened without a network
    if (!token) return;
    const answer = await fetch(said.record, {
      method: "POST",
      keepalive: true,
      redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ lessons: rows.map(reportOf) }),
    });
    // What the server cannot understand now it never will.
    if (answer.ok || answer.status === 400) acknowledge(rows);
    else if (answer.status === 403) token = ""; // older than its cookie: the next batch asks anew
  } catch {
    // No network: it goes with the next batch.
  } finally {
    isSending = false;
  }
}

// Marks in the outline: what is begun, what is read.
const keyOf = (link) => link.pathname.split("/lessons/")[1]?.replace(/\/$/, "");
const links = [...document.querySelectorAll(".outline__lessons > li > a, .contents__lessons a")];

const mark = (states) => {
  for (const link of links) {
    const state = states[keyOf(link)];
    if (state !== "read" && state !== "begun") continue;
    const sign = document.createElement("span");
    sign.className = `mark mark--${state}`;
    sign.setAttribute("role", "img");
    sign.setAttribute("aria-label", state === "read" ? said.saidRead : said.saidBegun);
    (link.querySelector(".leader__title") ?? link).append(" ", sign);
  }
};

// On the title page: a link to the lesson to go on with.
const offerLesson = (key) => {
  const offer = document.querySelector("[data-continue]");
  const link = links.find((each) => keyOf(each) === key);
  if (!link || !offer?.querySelector("cite")) return;
  offer.href = link.href;
  offer.querySelector("cite").textContent = link.querySelector(".leader__title").firstChild.textContent.trim();
  offer.hidden = false;
};

// On a lesson: the section where reading stopped, here or on another device.
const sections = [...document.querySelectorAll(".reading__text .section[id]")];

const offerSection = (anchor) => {
  const section = sections.find((each) => each.id === anchor);
  if (!section || section === sections[0] || location.hash || hasMoved) return;
  const note = document.querySelector(".opening__continue");
  const link = note.querySelector("a");
  link.href = `#${section.id}`;
  link.textContent = section.querySelector("h2").firstChild.textContent.trim();
  note.hidden = false;
};

const own = Object.entries(kept()).filter(([key]) => key.startsWith(`${said.course}/`));
const ownStates = Object.fromEntries(own.map(([key]) => [key.slice(said.course.length + 1), "begun"]));
const lastOwn = own.filter(([, row]) => row.at).sort(([, one], [, other]) => other.at - one.at)[0]?.[0];
const here = kept()[said.lesson];

async function ask() {
  const { lessons, next } = await known();
  const states = Object.fromEntries(Object.entries(lessons).map(([key, row]) => [key, row.state]));
  mark({ ...ownStates, ...states });
  offerLesson(next ?? lastOwn?.slice(said.course.length + 1));
  const there = lessons[said.lesson?.slice(said.course.length + 1)];
  offerSection((there?.at ?? 0) > (here?.at ?? 0) ? there.resume : here?.resume);
  await send();
}

if (reader) {
  ask();
  setInterval(send, SEND_EVERY);
  addEventListener("online", send);
  addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") send();
  });
  addEventListener("pagehide", send);
} else {
  mark(ownStates);
  offerLesson(lastOwn?.slice(said.course.length + 1));
  offerSection(here?.resume);
}

// The section that crosses the upper third of the window is the one being read.
const stops = new IntersectionObserver(
  (entries) => {
    const entry = entries.findLast((each) => each.isIntersecting);
    if (!entry || (scrollY === 0 && !location.hash)) return;
    hasMoved = true;
    record([], entry.target.id);
  },
  { rootMargin: "-10% 0px -65% 0px" },
);

// A section was seen when it was in view for as long as its length asks, and its end was reached.
const TICK = 500;
const MS_A_WORD = 60_000 / 500; // twice as fast as anybody reads with care
const clamp = (ms) => Math.min(20_000, Math.max(1_500, ms));
const left = new Map(
  sections.map((each) => [each, { ms: clamp(each.textContent.trim().split(/\s+/).length * MS_A_WORD), isWhole: false }]),
);
const inView = new Set();

const views = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) inView.add(target);
    else inView.delete(target);
  }
});

const watch = () => {
  if (document.visibilityState !== "visible") return;
  const open = [...inView].filter((each) => left.has(each));
  const seen = [];
  for (const section of open) {
    const need = left.get(section);
    need.ms -= TICK / open.length;
    need.isWhole ||= section.getBoundingClientRect().bottom <= innerHeight + 8;
    if (need.ms > 0 || !need.isWhole) continue;
    left.delete(section);
    seen.push(section.id);
  }
  if (seen.length) record(seen);
};

if (sections.length) {
  for (const each of sections) {
    stops.observe(each);
    views.observe(each);
  }
  setInterval(watch, TICK);
}
