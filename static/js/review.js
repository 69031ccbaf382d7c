// Keys for who has the card in focus: space shows the answer, 1 to 4 rate it. A rating is sent once;
// the server counts it once in any case. Without this file, link and buttons do the same.
const card = document.querySelector("[data-card]");
const reveal = card.querySelector("[data-reveal]");
const form = card.querySelector("form[data-once]");
let isSent = false;

card.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.key === " " && reveal && event.target === card) {
    event.preventDefault();
    reveal.click();
  }
  const button = /^[1-4]$/.test(event.key) && card.querySelector(`[data-key="${event.key}"]`);
  if (button) {
    event.preventDefault();
    button.click();
  }
});

form?.addEventListener("submit", (event) => {
  if (isSent) event.preventDefault();
  isSent = true;
});

// Back from the browser's memory: the card may have moved on.
addEventListener("pageshow", (event) => {
  if (event.persisted) isSent = false;
});

card.focus({ preventScroll: true });
