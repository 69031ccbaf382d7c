// Items of an ordering move by buttons and by dragging. The selects stay, and hold the answer.

const rowsOf = (list) => [...list.querySelectorAll(".ordering__row")];

const number = (list, moved) => {
  rowsOf(list).forEach((row, place) => {
    row.querySelector("select").value = String(place + 1);
  });
  const place = rowsOf(list).indexOf(moved) + 1;
  list.parentElement.querySelector(".ordering__said").textContent = `${list.dataset.moved} ${place}.`;
  // One event is enough for whoever saves the form.
  moved.querySelector("select").dispatchEvent(new Event("change", { bubbles: true }));
};

const moveTo = (list, row, place) => {
  const others = rowsOf(list).filter((each) => each !== row);
  const next = others[Math.max(place, 0)];
  if (next) next.before(row);
  else list.append(row);
  number(list, row);
};

const button = (list, row, step) => {
  const made = document.createElement("button");
  const says = step < 0 ? list.dataset.up : list.dataset.down;
  made.type = "button";
  made.className = "ordering__move";
  made.textContent = step < 0 ? "↑" : "↓";
  made.setAttribute("aria-label", `${says}: ${row.querySelector(".ordering__text").textContent.trim()}`);
  made.addEventListener("click", () => {
    moveTo(list, row, rowsOf(list).indexOf(row) + step);
    made.focus(); // moving in the document takes the focus away
  });
  return made;
};

const enhance = (list) => {
  if (list.dataset.isReady || list.closest("fieldset:disabled")) return;
  list.dataset.isReady = "true";
  let held = null;
  for (const row of rowsOf(list)) {
    row.append(button(list, row, -1), button(list, row, 1));
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      held = row;
      row.classList.add("ordering__row--held");
      event.dataTransfer.effectAllowed = "move";
    });
    row.addEventListener("dragend", () => {
      row.classList.remove("ordering__row--held");
      held = null;
    });
    row.addEventListener("dragover", (event) => {
      if (held) event.preventDefault();
    });
    row.addEventListener("drop", (event) => {
      event.preventDefault();
      if (held && held !== row) moveTo(list, held, rowsOf(list).indexOf(row));
    });
    // A person's choice of a position moves the item there; "–" only leaves it open.
    row.querySelector("select").addEventListener("change", (event) => {
      if (!event.isTrusted || !event.target.value) return;
      moveTo(list, row, Number(event.target.value) - 1);
      event.target.focus();
    });
  }
};

const start = (root) => root.querySelectorAll("[data-ordering]").forEach(enhance);
start(document);
document.addEventListener("htmx:load", (event) => start(event.target));
