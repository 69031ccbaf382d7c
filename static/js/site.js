// The switch between light and dark, kept on this device. Without it the device's scheme holds.
const root = document.documentElement;
const toggle = document.querySelector("[data-theme-toggle]");
const device = matchMedia("(prefers-color-scheme: dark)");

const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : device.matches);

const label = () => {
  toggle.textContent = isDark() ? toggle.dataset.light : toggle.dataset.dark;
};

if (toggle) {
  label();
  toggle.hidden = false;
  device.addEventListener("change", label);
  toggle.addEventListener("click", () => {
    const theme = isDark() ? "light" : "dark";
    root.dataset.theme = theme;
    try {
      if ((theme === "dark") === device.matches) localStorage.removeItem("theme");
      else localStorage.setItem("theme", theme);
    } catch {
      // Storage is forbidden: the choice lasts for this page.
    }
    label();
  });
}

// The menu opens and closes by itself; Escape, a click elsewhere and leaving it by Tab close it too.
const menu = document.querySelector("[data-menu]");

if (menu) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
}

// How much is new, on the menu and in it: asked at most once a minute, however many pages are read.
const told = document.querySelector("[data-unread]");
const MINUTE_MS = 60_000;

const kept = () => {
  try {
    return JSON.parse(sessionStorage.getItem("unread")) ?? { at: 0, count: 0 };
  } catch {
    return { at: 0, count: 0 };
  }
};

const show = (count) => {
  for (const badge of told.querySelectorAll("[data-unread-badge]")) {
    badge.hidden = !count;
    badge.querySelector("[data-unread-count]").textContent = count > 99 ? "99+" : count || "";
  }
};

const keep = (count) => {
  try {
    sessionStorage.setItem("unread", JSON.stringify({ at: Date.now(), count }));
  } catch {
    // Storage is forbidden: every page asks for itself.
  }
  show(count);
};

let isSignedIn = true; // as far as this page knows

const ask = async () => {
  if (!isSignedIn || document.hidden || Date.now() - kept().at < MINUTE_MS) return;
  try {
    // The browser's cache asks with the tag of what it holds: mostly the answer is 304.
    const answer = await fetch(told.dataset.unread, { headers: { Accept: "application/json" } });
    if (answer.ok) keep((await answer.json()).unread);
    else if (answer.status === 401) isSignedIn = false; // logged out elsewhere: a new page knows
  } catch {
    // Offline: what was known stands.
  }
};

if (told) {
  const here = document.querySelector("[data-unread-now]");
  if (here) keep(Number(here.dataset.unreadNow));
  else show(kept().count);
  ask();
  setInterval(ask, MINUTE_MS);
  document.addEventListener("visibilitychange", ask);
} else {
  try {
    sessionStorage.removeItem("unread"); // nobody is signed in: the next person begins anew
  } catch {
    // Nothing was kept.
  }
}
