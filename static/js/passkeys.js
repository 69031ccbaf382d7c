// What allauth's passkey scripts leave out: showing the forms where passkeys work, and failures.
if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("[data-passkey]")) form.hidden = false;
  for (const note of document.querySelectorAll("[data-passkey-unavailable]")) note.hidden = true;
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  // A browser refuses to make a passkey for a bare number such as 127.0.0.1.
  const reason = event.detail.exception.name === "SecurityError" ? "address" : "refused";
  for (const place of document.querySelectorAll("[data-passkey-failure]")) {
    place.textContent = place.dataset[reason];
  }
});
