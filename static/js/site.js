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
