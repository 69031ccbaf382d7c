// Keeping a course on this device, from its title page; and the list of kept courses, on the page
// that stands in for what cannot be reached. static/js/worker.js does the keeping.
const { worker } = document.querySelector("script[data-worker]").dataset;
const control = document.querySelector("[data-keeping]");
const shelf = document.querySelector("[data-kept-courses]");
const { lang } = document.documentElement;
const size = (bytes) =>
  new Intl.NumberFormat(lang, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 }).format(Math.max(0.1, bytes / 1e6));

// {course, title, …} of every course that is here as a whole.
async function keptCourses() {
  const lists = [];
  for (const name of await caches.keys()) {
    const [kind, course] = name.split("|");
    const list = kind === "course" && (await (await caches.open(name)).match(`/courses/${course}/offline.json`, { ignoreVary: true }));
    if (list) lists.push(await list.json());
  }
  return lists;
}

async function showShelf() {
  const lists = await keptCourses();
  for (const { course, title, language, direction } of lists) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    Object.assign(link, { href: `/courses/${course}/`, textContent: title, lang: language, dir: direction });
    item.append(link);
    shelf.append(item);
  }
  document.querySelector("[data-kept-none]").hidden = lists.length > 0;
}

async function offer() {
  const said = control.dataset;
  const part = (name) => control.querySelector(`[data-${name}]`);
  const status = part("status");
  const bar = part("bar");

  const keptHere = async () => (await keptCourses()).find(({ course }) => course === said.course);

  async function show() {
    const list = await keptHere();
    part("keep").hidden = Boolean(list);
    part("remove").hidden = !list;
    status.textContent = list
      ? said.saidKept.replace("{pages}", new Intl.NumberFormat(lang).format(list.pages.length)).replace("{size}", size(list.bytes))
      : said.saidOffer;
    return list;
  }

  // A reader's own view of each lesson, so that notes can be made beside it offline.
  async function keepOwn(list) {
    const reader = document.querySelector("[data-reader]")?.dataset.reader;
    if (!reader || !list) return;
    for (const url of list.own) {
      const answer = await fetch(url, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || answer.redirected) return;
      const text = (await answer.text()).replace(/(name="csrfmiddlewaretoken" value=")[^"]*/g, "$1").replace(/("token": ")[^"]*/, "$1");
      try {
        localStorage.setItem(`private:${reader}:${url}`, text);
      } catch {
        return; // Storage is full or forbidden: the lessons are read without notes.
      }
    }
  }

  async function keep() {
    part("keep").hidden = part("remove").hidden = true;
    status.textContent = said.saidBegun;
    navigator.storage?.persist?.();
    await navigator.serviceWorker.register(`${worker}?language=${lang}`);
    const { active } = await navigator.serviceWorker.ready;
    const { port1, port2 } = new MessageChannel();
    const end = new Promise((resolve, reject) => {
      port1.onmessage = ({ data }) => {
        if (data.isDone) resolve();
        else if (data.hasFailed) reject(new Error("not kept"));
        else {
          bar.hidden = false;
          bar.max = data.total;
          bar.value = data.done;
          status.textContent = said.saidKeeping.replace("{done}", data.done).replace("{total}", data.total).replace("{size}", size(data.bytes));
        }
      };
    });
    active.postMessage({ keep: said.course }, [port2]);
    try {
      await end;
      await keepOwn(await keptHere());
      await show();
    } catch {
      await show();
      status.textContent = said.saidFailed;
    } finally {
      bar.hidden = true;
      (part("keep").hidden ? part("remove") : part("keep")).focus();
    }
  }

  async function remove() {
    for (const name of await caches.keys()) if (name.startsWith(`course|${said.course}|`)) await caches.delete(name);
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("private:") && (key.includes(`/${said.course}/`))) localStorage.removeItem(key);
    }
    if (!(await keptCourses()).length) {
      await (await navigator.serviceWorker.getRegistration())?.unregister();
      for (const name of await caches.keys()) if (name.startsWith("shell|")) await caches.delete(name);
    }
    await show();
    status.textContent = said.saidRemoved;
    part("keep").focus();
  }

  part("keep").addEventListener("click", keep);
  part("remove").addEventListener("click", remove);
  const list = await show();
  control.hidden = false;
  const reader = document.querySelector("[data-reader]")?.dataset.reader;
  if (list && reader && navigator.onLine && !localStorage.getItem(`private:${reader}:${list.own[0]}`)) await keepOwn(list);
}

// Browsers without these, and addresses without TLS, read online alone.
if (globalThis.caches && navigator.serviceWorker) {
  if (shelf) showShelf();
  if (control) offer();
}
