// One field finds a work, a paragraph or a section for a piece of evidence, and fills in the lists
// that are there without this file.
const PAUSE_MS = 250;

function finder(box) {
  const input = box.querySelector("input");
  const list = box.querySelector("[role=listbox]");
  const chosen = box.querySelector("[data-chosen]");
  const status = box.querySelector("[role=status]");
  const lists = box.parentElement.querySelector("[data-lists]");
  const selects = Object.fromEntries(
    [...lists.querySelectorAll("select")].map((each) => [each.name.split("-").pop(), each]),
  );
  let current = -1;
  let pause;
  let asked;

  function close() {
    list.hidden = true;
    list.replaceChildren();
    current = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function show(label) {
    chosen.hidden = !label;
    chosen.firstElementChild.textContent = label;
    input.closest(".field").hidden = Boolean(label);
  }

  function choose(option) {
    for (const each of Object.values(selects)) each.value = "";
    const select = selects[option.dataset.kind];
    select.value = option.dataset.value;
    select.dispatchEvent(new Event("input", { bubbles: true })); // a draft of it is kept
    close();
    input.value = "";
    show(option.querySelector("[data-label]").textContent);
    chosen.querySelector("button").focus();
  }

  function move(step) {
    const options = [...list.children];
    if (!options.length) return;
    options[current]?.setAttribute("aria-selected", "false");
    current = (current + step + options.length) % options.length;
    if (current < 0) current = options.length - 1;
    options[current].setAttribute("aria-selected", "true");
    options[current].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[current].id);
  }

  async function find() {
    asked?.abort();
    const query = input.value.trim();
    if (!query) return close();
    asked = new AbortController();
    try {
      const address = `${box.dataset.finder}?q=${encodeURIComponent(query)}`;
      const answer = await fetch(address, { signal: asked.signal });
      if (!answer.ok || answer.redirected) return;
      close();
      list.innerHTML = await answer.text();
      [...list.children].forEach((option, place) => {
        option.id = `${list.id}-${place}`;
      });
      list.hidden = !list.children.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      status.textContent = list.hidden ? status.dataset.none : status.dataset.some;
    } catch {
      // Asked anew, or the network is away: what is typed stays.
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(find, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault(); // an argument is not posted from here
      const option = list.children[Math.max(current, 0)];
      if (option) choose(option);
    } else if (event.key === "Escape") {
      close();
    }
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
  chosen.querySelector("button").addEventListener("click", () => {
    for (const each of Object.values(selects)) each.value = "";
    show("");
    input.focus();
  });

  const held = Object.values(selects).find((each) => each.value);
  if (held) show(held.selectedOptions[0].textContent.trim());
  // A fault that the server found in a list is said where the list is.
  if (!lists.querySelector(".errorlist")) lists.hidden = true;
  box.hidden = false;
}

document.querySelectorAll("[data-finder]").forEach(finder);
