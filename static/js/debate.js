// A debate stays fresh: more of the tree in place, and word of what is new. Without this file,
// every link leads to a page.
const EVERY_MS = 30_000;

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
