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

const fresh = document.querySelector("[data-news]");

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(fresh.dataset.news, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) return;
    const { writes } = await answer.json();
    fresh.hidden = String(writes) === fresh.dataset.since;
  } catch {
    // The network is away; the next look will tell.
  }
}

if (fresh) {
  setInterval(look, EVERY_MS);
  document.addEventListener("visibilitychange", look);
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
  if (!form.elements.text.value.trim()) return;
  try {
    const body = new FormData(form);
    const answer = await fetch(form.dataset.draft, { method: "POST", body });
    if (!answer.ok || answer.redirected) return;
    document.querySelector("[data-likes]").innerHTML = await answer.text();
  } catch {
    // The network is away; what is written stays on the page.
  }
}

if (form) {
  let pause;
  form.elements.text.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(keep, PAUSE_MS);
  });
  form.addEventListener("submit", () => clearTimeout(pause));
}
