"use strict";
/*
 * The lesson's page: the student's view beside the form, and a warning before unsaved words are
 * left. The form is complete without any of it.
 */
{
  const form = document.getElementById("lesson_form");

  /* Unsaved words */
  const state = document.querySelector("[data-save-state]");
  let dirty = Boolean(form?.dataset.unsaved);
  const changed = () => {
    dirty = true;
    if (state) state.textContent = state.dataset.unsaved;
    schedule();
  };
  form?.addEventListener("input", changed);
  form?.addEventListener("submit", (event) => {
    if (event.submitter?.formTarget !== "_blank") dirty = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });

  /* The student's view: rendered on the server by what publishes, shown with the reader's sheets. */
  const view = document.querySelector("[data-student-view]");
  const host = view?.querySelector("[data-student-view-page]");
  const status = view?.querySelector("[data-student-view-status]");
  const problems = view?.querySelector("[data-problems]");
  let page = null;
  let timer = 0;
  let running = null;

  const open = () => {
    const root = host.attachShadow({ mode: "open" });
    for (const href of host.dataset.sheets.split(" ").filter(Boolean)) {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = href;
      root.append(link);
    }
    page = document.createElement("div");
    page.className = host.dataset.pageClass;
    root.append(page);
    page.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (!link) return;
      event.preventDefault();
      const hash = link.getAttribute("href").split("#")[1];
      const target = hash && root.getElementById(hash);
      if (target) target.scrollIntoView({ block: "center" });
    });
  };

  const refresh = async () => {
    running?.abort();
    running = new AbortController();
    status.textContent = status.dataset.working;
    try {
      const answer = await fetch(view.dataset.url, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
        signal: running.signal,
      });
      if (!answer.ok) throw new Error(answer.status);
      const draft = await answer.json();
      const scrolled = host.scrollTop;
      page.innerHTML = draft.html;
      host.scrollTop = scrolled;
      status.textContent = draft.length;
      problems.innerHTML = draft.problems;
    } catch (error) {
      if (error.name !== "AbortError") status.textContent = status.dataset.failed;
    }
  };

  const schedule = () => {
    if (!view || view.hidden) return;
    clearTimeout(timer);
    timer = setTimeout(refresh, 500);
  };

  if (view && form) {
    view.hidden = false;
    open();
    refresh();
    /* Bring what is being written into view. */
    form.addEventListener("focusin", (event) => {
      const anchor = event.target
        .closest(".inline-related")
        ?.querySelector("input[name$=-anchor]")?.value;
      const target = anchor && host.shadowRoot.getElementById(anchor);
      if (target) host.scrollTop = target.offsetTop - host.offsetTop - 12;
    });
    document.querySelector("[data-editor-tabs]").hidden = false;
    const tabs = [...document.querySelectorAll("[data-editor-tab]")];
    for (const tab of tabs) {
      tab.addEventListener("click", () => {
        document.body.dataset.editorTab = tab.dataset.editorTab;
        for (const other of tabs) other.setAttribute("aria-pressed", String(other === tab));
      });
    }
  }

  /* Two people, one lesson: take their text of a part, into the form, as a start for merging. */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-take]");
    if (!button) return;
    const field = document.getElementById(button.dataset.take);
    const theirs = document.getElementById(button.dataset.from);
    field.value = theirs.value ?? theirs.textContent;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.scrollIntoView({ block: "center" });
    field.focus();
  });
}
