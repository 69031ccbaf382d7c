// The service worker, at /sw.js; the site writes SITE above it: release, offline, shell, statics.
// It keeps courses for everybody alike: each page is fetched without credentials, so that nothing
// kept here is anybody's. The network comes first; a copy is given only where it does not answer.

const LANGUAGE = new URL(location).searchParams.get("language") ?? "en";
const SHELL = `shell|${SITE.release}|${LANGUAGE}`;
const AT_ONCE = 6;
const PATIENCE_MS = 6_000; // how long a page that is kept waits for a slow network
const HOUR_MS = 3_600_000;
const AWAY = new Set([502, 503, 504]);
const ANY = { ignoreSearch: true, ignoreVary: true };

const impersonal = (url, options = {}) =>
  fetch(url, { credentials: "omit", headers: { "Accept-Language": LANGUAGE }, ...options });

const listOf = (course) => `/courses/${course}/offline.json`;
const courseOf = (url) => url.pathname.match(/^\/courses\/([-\w]+)\//)?.[1];

// A page says that it is a copy where its template has room for it.
async function copyOf(answer) {
  const headers = new Headers(answer.headers);
  for (const name of ["content-encoding", "content-length", "x-request-id"]) headers.delete(name);
  const isPage = headers.get("content-type")?.startsWith("text/html");
  const body = isPage ? (await answer.text()).replace("data-kept hidden", "data-kept") : await answer.blob();
  return new Response(body, { headers });
}

// Pages pass the browser's own cache by: what lies there under the same address may be somebody's.
async function fetchInto(cache, url, isPage) {
  const answer = await impersonal(url, { cache: isPage ? "no-store" : "default" });
  if (!answer.ok || answer.redirected) throw new Error(`${answer.status} ${url}`);
  await cache.put(url, await copyOf(answer));
}

addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(SHELL);
      await fetchInto(cache, SITE.offline, true);
      await Promise.all(SITE.shell.map((url) => fetchInto(cache, url)));
      await skipWaiting();
    })(),
  );
});

addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith("shell|") && name !== SHELL) await caches.delete(name);
      await registration.navigationPreload?.enable();
      await clients.claim();
    })(),
  );
});

// A cache holds one version of one course; its list comes last, and says that it is whole.
const namesOf = async (course) => (await caches.keys()).filter((name) => name.startsWith(`course|${course}|`));

async function wholeOf(course) {
  for (const name of await namesOf(course)) {
    const cache = await caches.open(name);
    const list = await cache.match(listOf(course), ANY);
    if (list) return { name, cache, list };
  }
  return null;
}

const forget = async (course) => Promise.all((await namesOf(course)).map((name) => caches.delete(name)));

async function keepVersion(course, answer, tell) {
  const list = await answer.clone().json();
  const name = `course|${course}|${list.version}`;
  const cache = await caches.open(name);
  // What an interrupted attempt has brought in already is not fetched again.
  const had = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
  const items = [...list.pages.map(({ url }) => [url, true]), ...list.files.map(({ url }) => [url, false])];
  const missing = items.filter(([url]) => !had.has(new URL(url, location).pathname));
  const total = items.length;
  let done = total - missing.length;
  const take = async () => {
    for (let next = missing.shift(); next; next = missing.shift()) {
      await fetchInto(cache, ...next);
      done += 1;
      tell({ done, total, bytes: list.bytes });
    }
  };
  const stop = (error) => {
    missing.length = 0;
    throw error;
  };
  // What is under way when one fails comes to its end before the failure is told, so that no
  // news of progress follows it.
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, () => take().catch(stop)));
  const failed = ends.find(({ status }) => status === "rejected");
  if (failed) throw failed.reason;
  await cache.put(listOf(course), await copyOf(answer));
  for (const other of await namesOf(course)) if (other !== name) await caches.delete(other);
  return list.version;
}

// Until the list says what it said before: an edition may come out meanwhile.
async function keepAnew(course, tell) {
  let kept = (await (await wholeOf(course))?.list.json())?.version;
  for (let turn = 0; turn < 3; turn += 1) {
    const answer = await impersonal(listOf(course), { cache: "no-cache" });
    if (answer.status === 404) return forget(course); // withdrawn
    if (!answer.ok) throw new Error(answer.statusText);
    if ((await answer.clone().json()).version === kept) break;
    kept = await keepVersion(course, answer, tell);
  }
  const cache = await caches.open(SHELL);
  await cache.put(`/checked/${course}`, new Response(String(Date.now())));
}

const keeping = new Map(); // course → what is on its way, and who is told of it

function keep(course, tell = () => {}) {
  const running = keeping.get(course);
  if (running) {
    running.told.push(tell);
    return running.end;
  }
  const told = [tell];
  const end = keepAnew(course, (news) => told.forEach((each) => each(news))).finally(() => keeping.delete(course));
  keeping.set(course, { told, end });
  return end;
}

async function refresh(course) {
  const cache = await caches.open(SHELL);
  const checked = await cache.match(`/checked/${course}`);
  if (checked && Date.now() - Number(await checked.text()) < HOUR_MS) return;
  await keep(course).catch(() => {}); // the copy that is there stays
}

addEventListener("message", (event) => {
  const { keep: course } = event.data;
  const [port] = event.ports;
  if (!course || !port) return;
  event.waitUntil(
    keep(course, (news) => port.postMessage(news)).then(
      () => port.postMessage({ isDone: true }),
      () => port.postMessage({ hasFailed: true }),
    ),
  );
});

const late = () => new Promise((_resolve, reject) => setTimeout(reject, PATIENCE_MS, new Error("late")));

async function page(event, course, url) {
  const whole = course && (await wholeOf(course));
  const copy = whole && (await whole.cache.match(url.pathname, ANY));
  const network = (async () => (await event.preloadResponse) ?? fetch(event.request))();
  try {
    const answer = await (copy ? Promise.race([network, late()]) : network);
    if (copy && AWAY.has(answer.status)) return copy;
    if (whole) event.waitUntil(refresh(course));
    return answer;
  } catch {
    network.catch(() => {}); // it may fail later than we waited
    return copy ?? (await caches.match(SITE.offline, ANY)) ?? Response.error();
  }
}

async function file(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request, ANY)) ?? Response.error();
  }
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const course = courseOf(url);
  if (request.mode === "navigate") event.respondWith(page(event, course, url));
  else if (url.pathname.startsWith(SITE.statics) || url.pathname.startsWith(`/courses/${course}/figures/`)) event.respondWith(file(request));
});
