// On a course's title page: a link to the lesson where this device stopped reading.
const link = document.querySelector("[data-continue]");
try {
  const lesson = JSON.parse(localStorage.getItem(`lesson:${link.dataset.continue}`));
  const url = new URL(lesson.path, location.href);
  if (url.origin === location.origin && url.pathname.startsWith(location.pathname)) {
    link.href = url.pathname;
    link.querySelector("cite").textContent = lesson.title;
    link.hidden = false;
  }
} catch {
  // Nothing is remembered.
}
