// A debate stays fresh: more of the tree in place, word of what is new, and what is being written
// kept and likened to what others said. Without this file, links and buttons lead to pages.
const EVERY_MS = 30_000;
const PAUSE_MS = 1_500;

// On a phone what is to be done comes first; a tap unfolds what it is about.
if (matchMedia("(width < 40rem)").matches) {
  document.querySelectorAll("details[data-folds]").forEach((each) => {
    each.open = false;
  });
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-more]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const item = link.closest("li");
  item.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(link.href, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    const first = holder.content.firstElementChild;
    item.replaceWith(holder.content);
    first?.setAttribute("tabindex", "-1");
    first?.focus();
  } catch {
    location.assign(link.href);
  }
});

const parsed = (text) => new DOMParser().parseFromString(text, "text/html");

// What a judgement or news says to those who do not look.
const said = document.createElement("p");
said.className = "visually-hidden";
said.setAttribute("role", "status");
document.querySelector("main")?.append(said);

// A rating or “this moved me” changes its argument alone; the page stays where it is read.
document.addEventListener("submit", async (event) => {
  const sent = event.target;
  if (!sent.matches(".argument__verbs form")) return;
  event.preventDefault();
  const item = sent.closest(".argument");
  const body = new FormData(sent);
  const buttons = [...item.querySelectorAll(":scope > article button")];
  const place = buttons.indexOf(event.submitter);
  for (const each of buttons) each.disabled = true; // one press is sent once
  try {
    const answer = await fetch(sent.action, { method: "POST", body, keepalive: true });
    const page = parsed(await answer.text());
    const drawn = page.getElementById(item.id)?.querySelector(":scope > article");
    if (!drawn) return location.assign(answer.url);
    item.querySelector(":scope > article").replaceWith(drawn);
    const told = page.querySelector(".messages");
    if (told) drawn.querySelector(".argument__verbs").before(told);
    said.textContent = (told ?? drawn.querySelector(".argument__facts"))?.textContent ?? "";
    drawn.querySelectorAll("button")[place]?.focus();
  } catch {
    for (const each of buttons) each.disabled = false; // the network is away: press again
  }
});

// News: a line says that there are some, and a press brings them in. What is read, folded or
// unfolded meanwhile stays as it is.
const fresh = document.querySelector("[data-news]");
let latest;

async function look() {
  if (document.hidden) return;
  try {
    const address = `${fresh.dataset.news}?after=${fresh.dataset.after}`;
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) return;
    latest = await answer.json();
    const isNew = String(latest.writes) !== fresh.dataset.since;
    const line = fresh.querySelector("[data-fresh]");
    if (isNew && !line.textContent) line.textContent = line.dataset.words;
    fresh.querySelector("[data-show]").hidden = !isNew;
  } catch {
    // The network is away; the next look will tell.
  }
}

// Draw again what stands in both lists, and add what only the newer one has.
function merge(from, to) {
  for (const item of from.querySelectorAll(":scope > .argument")) {
    const known = document.getElementById(item.id);
    if (!known) {
      item.classList.add("argument--new");
      to.insertBefore(item, to.querySelector(":scope > .threads__more"));
      continue;
    }
    const article = known.querySelector(":scope > article");
    if (!article.contains(document.activeElement)) {
      article.replaceWith(item.querySelector(":scope > article"));
    }
    const answers = item.querySelector(":scope > .answers");
    const old = known.querySelector(":scope > .answers");
    if (answers && old) {
      old.querySelector("summary").replaceChildren(...answers.querySelector("summary").childNodes);
      merge(answers.querySelector(".threads"), old.querySelector(".threads"));
    } else if (answers) {
      for (const each of answers.querySelectorAll(".argument")) each.classList.add("argument--new");
      known.append(answers);
    }
  }
}

// What was written where the page does not reach yet: where each stands.
function listDeeper(news) {
  const deeper = fresh.querySelector("[data-deeper]");
  const list = deeper.querySelector("ul");
  for (const each of news) {
    if (document.getElementById(`argument-${each.id}`)) continue;
    const link = Object.assign(document.createElement("a"), { href: each.url });
    link.textContent = each.name;
    list.appendChild(document.createElement("li")).append(link);
  }
  deeper.hidden = !list.children.length;
}

async function show() {
  const threads = document.querySelector("[data-threads]");
  if (!threads) return location.reload();
  try {
    const answer = await fetch(location.pathname);
    if (!answer.ok || answer.redirected) return location.reload();
    const page = parsed(await answer.text());
    const drawn = page.querySelector("[data-threads]");
    if (!drawn) return location.reload();
    for (const each of document.querySelectorAll(".argument--new")) {
      each.classList.remove("argument--new");
    }
    merge(drawn, threads);
    listDeeper(latest?.new ?? []);
    Object.assign(fresh.dataset, { ...page.querySelector("[data-news]").dataset });
    fresh.querySelector("[data-fresh]").textContent = "";
    fresh.querySelector("[data-show]").hidden = true;
    const first = document.querySelector(".argument--new > article, [data-deeper] a");
    first?.setAttribute("tabindex", "-1");
    first?.focus();
  } catch {
    // The network is away; the button stays.
  }
}

if (fresh) {
  setInterval(look, EVERY_MS);
  document.addEventListener("visibilitychange", look);
  fresh.querySelector("[data-show]").addEventListener("click", show);
}

// What waits for an answer comes by itself: the page of a long debate need not wait for it.
const balance = document.querySelector("[data-balance]");

if (balance) {
  try {
    const answer = await fetch(balance.querySelector("a").href, {
      headers: { "X-Requested-With": "fetch" },
    });
    if (answer.ok && !answer.redirected) balance.innerHTML = await answer.text();
  } catch {
    // The network is away: the link stays.
  }
}

const form = document.querySelector("form[data-draft]");

async function keep() {
  const body = new FormData(form);
  const isBegun = [...body].some(([name, value]) => /^(text|e\d+-)/.test(name) && value.trim());
  if (!isBegun) return;
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body });
    if (!answer.ok || answer.redirected) return;
    const told = parsed(await answer.text());
    for (const each of told.querySelectorAll("[data-verdict-of]")) {
      const place = form.querySelector(`[data-verdict="${each.dataset.verdictOf}"]`);
      place?.replaceChildren(each.content);
      each.remove();
    }
    document.querySelector("[data-likes]").replaceChildren(...told.body.children);
  } catch {
    // The network is away; what is written stays on the page.
  }
}

if (form) {
  let pause;
  form.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(keep, PAUSE_MS);
  });
  form.addEventListener("submit", () => clearTimeout(pause));
}
