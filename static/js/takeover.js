// Reading that this device remembers of somebody who was not logged in: theirs, if they say so.
const form = document.querySelector("[data-takeover]");
const storeKey = "reading:";
const MOST = 50; // lessons in a batch, as the server takes them

const kept = () => {
  try {
    return Object.entries(JSON.parse(localStorage.getItem(storeKey)) ?? {});
  } catch {
    return [];
  }
};

const forget = () => {
  localStorage.removeItem(storeKey);
  form.hidden = true;
};

const reportOf = ([key, row]) => {
  const [course, unit, lesson] = key.split("/");
  const stopped = row.resume && row.at ? { resume: row.resume, at: row.at } : {};
  return { course, unit, lesson, seen: row.seen, ...stopped };
};

const rows = kept();
if (rows.length) {
  form.querySelector("[data-count]").textContent = rows.length;
  form.hidden = false;
}

form.querySelector("[data-forget]").addEventListener("click", forget);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const token = form.elements.csrfmiddlewaretoken.value;
  try {
    for (let start = 0; start < rows.length; start += MOST) {
      const answer = await fetch(form.dataset.record, {
        method: "POST",
        redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ lessons: rows.slice(start, start + MOST).map(reportOf) }),
      });
      if (!answer.ok) throw new Error(answer.status);
    }
    forget();
    location.reload();
  } catch {
    const status = form.querySelector("[role=status]");
    status.textContent = status.dataset.saidFailed;
  }
});
