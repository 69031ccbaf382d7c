"use strict";
/*
 * The order of a list: the numbers are the truth. Dragging (adminsortable2) and the arrows move a
 * row on the page and rewrite the numbers; without a script the numbers are written by hand.
 */
{
  const rowsOf = (list) => [...list.querySelectorAll(":scope > .inline-related:not(.empty-form)")];

  for (const list of document.querySelectorAll("fieldset.sortable")) {
    let before = rowsOf(list);
    new MutationObserver(() => {
      const rows = rowsOf(list);
      if (rows.length === before.length && rows.every((row, index) => row === before[index])) return;
      before = rows;
      rows.forEach((row, index) => {
        row.querySelector("input._reorder_").value = index + 1;
      });
      list.dispatchEvent(new Event("input", { bubbles: true }));
    }).observe(list, { childList: true });

    list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-move]");
      if (!button) return;
      const row = button.closest(".inline-related");
      const all = rowsOf(list);
      const other = all[all.indexOf(row) + (button.dataset.move === "up" ? -1 : 1)];
      if (!other) return;
      if (button.dataset.move === "up") other.before(row);
      else other.after(row);
      button.focus();
    });

    /* While a row is dragged, all are folded to their bars (lesson.css): keep it under the hand. */
    list.addEventListener("dragstart", (event) => {
      const row = event.target.closest(".inline-related");
      const keep = () => window.scrollBy(0, row.getBoundingClientRect().top - event.clientY + 12);
      setTimeout(keep, 30);
    });
    list.addEventListener("dragend", (event) => {
      setTimeout(() => event.target.scrollIntoView({ block: "nearest" }), 30);
    });

    /* A button inside the grip is pressed, not dragged. */
    for (const control of list.querySelectorAll(".section-grip :is(button, input, a)")) {
      control.addEventListener("pointerdown", (event) => event.stopPropagation());
    }
  }
}
