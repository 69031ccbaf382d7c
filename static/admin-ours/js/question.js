/*
 * The question as a student meets it, beside the form and following what is typed. Drawn on the
 * server by what draws attempts; the form is complete without it.
 */
const view = document.querySelector("[data-live-question]");
const form = document.getElementById("question_form");

if (view && form) {
  const host = view.querySelector("[data-sheets]");
  const status = view.querySelector("[data-live-status]");
  const root = host.attachShadow({ mode: "open" });
  for (const href of host.dataset.sheets.split(" ").filter(Boolean)) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    root.append(link);
  }
  const page = document.createElement("div");
  page.className = "live-page";
  root.append(page);

  let timer = 0;
  let running = null;

  const refresh = async () => {
    running?.abort();
    running = new AbortController();
    try {
      const answer = await fetch(view.dataset.url, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
        signal: running.signal,
      });
      if (!answer.ok) throw new Error(answer.status);
      page.innerHTML = (await answer.json()).html;
      status.textContent = "";
    } catch (error) {
      if (error.name !== "AbortError") status.textContent = view.dataset.failed;
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, 500);
  });
  view.hidden = false;
  refresh();
}
