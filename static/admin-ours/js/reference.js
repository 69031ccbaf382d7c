"use strict";
/* The APA entry of the work, as it is typed. */
{
  const entry = document.querySelector("[data-apa]");
  const form = entry?.closest("form");
  let timer = 0;

  const refresh = async () => {
    const answer = await fetch(entry.dataset.apa, { method: "POST", body: new FormData(form) });
    if (!answer.ok) return;
    const { html } = await answer.json();
    entry.innerHTML = html || entry.dataset.empty;
  };

  form?.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, 400);
  });
  if (entry) refresh();
}
