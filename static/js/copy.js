// Buttons that copy what an element or a field holds. Without this file they stay hidden, and it is
// copied by hand.
const status = document.querySelector("[data-copy-status]");

for (const button of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  button.hidden = false;
  const label = button.textContent;
  button.addEventListener("click", async () => {
    const place = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(place.value ?? place.textContent);
    status.textContent = button.textContent = button.dataset.done;
    setTimeout(() => {
      button.textContent = label;
      status.textContent = "";
    }, 2000);
  });
}
