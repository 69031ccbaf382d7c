"use strict";
/*
 * The picker: a dialog that finds a work, a paragraph, a term, a figure, an actor or a lesson of
 * the course by any of its words. Fields marked [data-picker] hold keys as text, so that they work
 * without this script; with it they show what the keys mean.
 */
{
  const dialog = document.getElementById("picker");
  const search = dialog?.querySelector("[data-picker-search]");
  const list = dialog?.querySelector("[data-picker-list]");
  const count = dialog?.querySelector("[data-picker-count]");
  const extras = dialog?.querySelectorAll("[data-picker-extra]") ?? [];
  const SHOWN = 60;
  const loaded = new Map();

  const choicesUrl = () => {
    const course = document.getElementById(dialog.dataset.courseField ?? "");
    return course ? dialog.dataset.url.replace("/0/", `/${course.value || 0}/`) : dialog.dataset.url;
  };

  const choices = async (kind) => {
    const url = choicesUrl();
    if (!loaded.has(url)) {
      loaded.set(
        url,
        fetch(url, { headers: { Accept: "application/json" } }).then((answer) =>
          answer.ok ? answer.json() : {},
        ),
      );
    }
    return (await loaded.get(url))[kind] ?? [];
  };

  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  let settle = null;
  let matches = [];
  let current = 0;

  const mark = (index) => {
    current = Math.max(0, Math.min(index, list.children.length - 1));
    [...list.children].forEach((option, i) => {
      option.setAttribute("aria-selected", String(i === current));
    });
    const chosen = list.children[current];
    search.setAttribute("aria-activedescendant", chosen?.id ?? "");
    chosen?.scrollIntoView({ block: "nearest" });
  };

  const show = (all) => {
    const words = fold(search.value).split(/\s+/).filter(Boolean);
    matches = all.filter((choice) => {
      const text = fold(`${choice.key} ${choice.label} ${choice.about}`);
      return words.every((word) => text.includes(word));
    });
    list.replaceChildren(
      ...matches.slice(0, SHOWN).map((choice, index) => {
        const option = document.createElement("li");
        option.id = `picker-option-${index}`;
        option.setAttribute("role", "option");
        const label = document.createElement("strong");
        label.textContent = choice.label;
        const about = document.createElement("span");
        about.textContent = choice.about;
        option.append(label, about);
        option.addEventListener("click", () => finish(choice));
        return option;
      }),
    );
    count.textContent = count.dataset.text.replace("%s", matches.length);
    mark(0);
  };

  const finish = (choice) => {
    const answer = choice && {
      ...choice,
      extra: Object.fromEntries(
        [...extras].map((field) => {
          const input = field.querySelector("input");
          return [input.name, input.type === "checkbox" ? input.checked : input.value.trim()];
        }),
      ),
    };
    dialog.close();
    settle?.(answer);
    settle = null;
  };

  /** Ask for one thing of `kind`; resolves to {key, label, about, extra}, or null when closed. */
  const pick = async (kind) => {
    const all = await choices(kind);
    dialog.querySelector("[data-picker-title]").textContent =
      dialog.dataset[`title${kind[0].toUpperCase()}${kind.slice(1)}`] ?? "";
    search.value = "";
    for (const field of extras) {
      field.hidden = !field.dataset.pickerExtra.split(" ").includes(kind);
      const input = field.querySelector("input");
      input.checked = false;
      if (input.type !== "checkbox") input.value = "";
    }
    search.oninput = () => show(all);
    show(all);
    dialog.showModal();
    search.focus();
    return new Promise((resolve) => {
      settle = resolve;
    });
  };

  if (dialog) {
    dialog.addEventListener("close", () => finish(null));
    dialog.querySelector("[data-picker-close]").addEventListener("click", () => finish(null));
    dialog.querySelector("[data-picker-insert]").addEventListener("click", () => {
      if (matches[current]) finish(matches[current]);
    });
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input")) {
        event.preventDefault();
        if (matches[current]) finish(matches[current]);
      }
      if (event.target === search && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
        event.preventDefault();
        mark(current + (event.key === "ArrowDown" ? 1 : -1));
      }
    });
  }

  const keysOf = (input) => input.value.split(/[\s,]+/).filter(Boolean);

  const describe = async (field) => {
    const input = field.querySelector("input");
    const all = new Map((await choices(field.dataset.picker)).map((one) => [one.key, one]));
    field.querySelector("[data-picker-chosen]").replaceChildren(
      ...keysOf(input).map((key) => {
        const item = document.createElement("li");
        const known = all.get(key);
        const label = document.createElement("strong");
        label.textContent = known ? known.label : key;
        const about = document.createElement("span");
        about.textContent = known ? known.about : field.dataset.unknown;
        item.classList.toggle("unknown", !known);
        const remove = document.createElement("button");
        remove.type = "button";
        remove.textContent = "×";
        remove.setAttribute("aria-label", field.dataset.remove.replace("%s", label.textContent));
        remove.addEventListener("click", () => {
          write(field, keysOf(input).filter((other) => other !== key));
          field.querySelector("[data-picker-open]").focus();
        });
        item.append(label, about, remove);
        return item;
      }),
    );
  };

  const write = (field, keys) => {
    const input = field.querySelector("input");
    input.value = keys.join(" ");
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const enhance = (field) => {
    const input = field.querySelector("input");
    const open = field.querySelector("[data-picker-open]");
    open.hidden = false;
    field.classList.add("is-enhanced");
    open.onclick = async () => {
      const chosen = await pick(field.dataset.picker);
      if (chosen) {
        const others = field.hasAttribute("data-many") ? keysOf(input) : [];
        write(field, [...others.filter((key) => key !== chosen.key), chosen.key]);
      }
      open.focus();
    };
    input.oninput = () => describe(field);
    describe(field);
  };

  if (dialog) {
    const enhanceAll = (root) => {
      for (const field of root.querySelectorAll("[data-picker]")) {
        if (!field.closest(".empty-form")) enhance(field);
      }
    };
    enhanceAll(document);
    document.addEventListener("formset:added", (event) => enhanceAll(event.target));
    document
      .getElementById(dialog.dataset.courseField ?? "")
      ?.addEventListener("change", () => enhanceAll(document));
  }

  window.majlisPicker = { pick };
}
