"use strict";
/* The toolbar over a Markdown field. Every button writes plain Markdown that could be typed. */
{
  const selectionOf = (area) => area.value.slice(area.selectionStart, area.selectionEnd);

  /* Typed through the browser's own command, so that Ctrl+Z takes it back. */
  const insert = (area, text, from = area.selectionStart, to = area.selectionEnd) => {
    area.focus();
    area.setSelectionRange(from, to);
    if (!document.execCommand("insertText", false, text)) {
      area.setRangeText(text, from, to, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  const surround = (area, before, after, sample) => {
    const chosen = selectionOf(area) || sample;
    const start = area.selectionStart + before.length;
    insert(area, before + chosen + after);
    area.setSelectionRange(start, start + chosen.length);
  };

  /* A block stands alone: blank lines around it, whatever the cursor was in the middle of. */
  const insertBlock = (area, text) => {
    const before = area.value.slice(0, area.selectionStart);
    const after = area.value.slice(area.selectionEnd);
    const lead = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    const tail = after === "" || after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
    insert(area, lead + text + tail);
  };

  const prefixLines = (area, prefix, sample) => {
    const from = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const next = area.value.indexOf("\n", area.selectionEnd);
    const to = next < 0 ? area.value.length : next;
    const lines = (area.value.slice(from, to) || sample).split("\n");
    area.setSelectionRange(from, to);
    insertBlock(area, lines.map((line, i) => prefix(i) + line).join("\n"));
  };

  const footnote = (area, sample) => {
    const used = new Set([...area.value.matchAll(/\[\^([^\]\s]+)\]/g)].map((match) => match[1]));
    let number = 1;
    while (used.has(`note-${number}`)) number += 1;
    insert(area, `[^note-${number}]`);
    const end = area.value.trimEnd().length;
    insert(area, `\n\n[^note-${number}]: ${sample}`, end, area.value.length);
    area.setSelectionRange(area.value.length - sample.length, area.value.length);
  };

  const citation = ({ key, extra }) => {
    const locator = extra.locator ? (extra.narrative ? ` [${extra.locator}]` : `, ${extra.locator}`) : "";
    return extra.narrative ? `@${key}${locator}` : `[@${key}${locator}]`;
  };

  const actions = {
    bold: (area, text) => surround(area, "**", "**", text.sample),
    italic: (area, text) => surround(area, "*", "*", text.sample),
    link: (area, text) => {
      const chosen = selectionOf(area) || text.sample;
      const start = area.selectionStart + chosen.length + 3;
      insert(area, `[${chosen}](https://)`);
      area.setSelectionRange(start + 8, start + 8);
    },
    heading: (area, text) => prefixLines(area, () => "### ", text.sample),
    quote: (area, text) => prefixLines(area, () => "> ", text.sample),
    list: (area, text) => prefixLines(area, () => "- ", text.sample),
    numbers: (area, text) => prefixLines(area, (i) => `${i + 1}. `, text.sample),
    table: (area, text) => {
      const cell = text.sample;
      insertBlock(area, `| ${cell} 1 | ${cell} 2 |\n|---|---|\n| … | … |\n| … | … |`);
    },
    footnote: (area, text) => footnote(area, text.sample),
    references: async (area) => {
      const chosen = await window.majlisPicker.pick("references");
      if (chosen) insert(area, citation(chosen));
    },
    terms: async (area) => {
      const words = selectionOf(area);
      const chosen = await window.majlisPicker.pick("terms");
      if (!chosen) return;
      const same = !words || words.toLowerCase() === chosen.label.toLowerCase();
      insert(area, `[[${same ? words || chosen.label : `${chosen.label}|${words}`}]]`);
    },
    paragraphs: async (area) => {
      const words = selectionOf(area);
      const chosen = await window.majlisPicker.pick("paragraphs");
      if (chosen) insert(area, `[${words || chosen.key}](source:${chosen.key})`);
    },
    lessons: async (area) => {
      const words = selectionOf(area);
      const chosen = await window.majlisPicker.pick("lessons");
      if (chosen) insert(area, `[${words || chosen.label}](lesson:${chosen.key})`);
    },
    figures: async (area) => {
      const chosen = await window.majlisPicker.pick("figures");
      if (!chosen) return;
      const caption = chosen.extra.caption.replaceAll('"', "”");
      insertBlock(area, `![](figure:${chosen.key}${caption ? ` "${caption}"` : ""})`);
    },
  };

  const shortcuts = { b: "bold", i: "italic", k: "link" };

  const enhance = (field) => {
    const area = field.querySelector("textarea");
    const bar = field.querySelector("[role=toolbar]");
    const buttons = [...bar.querySelectorAll("button")];
    bar.hidden = false;
    bar.setAttribute("aria-controls", area.id);
    buttons.forEach((button, index) => {
      button.tabIndex = index ? -1 : 0;
    });
    bar.onclick = (event) => {
      const button = event.target.closest("button");
      if (button) actions[button.dataset.markdown](area, { sample: button.dataset.sample ?? "" });
    };
    bar.onkeydown = (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const at = buttons.indexOf(document.activeElement);
      if (!step || at < 0) return;
      event.preventDefault();
      const next = buttons[(at + step + buttons.length) % buttons.length];
      buttons.forEach((button) => {
        button.tabIndex = button === next ? 0 : -1;
      });
      next.focus();
    };
    area.onkeydown = (event) => {
      const action = (event.ctrlKey || event.metaKey) && !event.altKey && shortcuts[event.key];
      if (!action) return;
      event.preventDefault();
      bar.querySelector(`[data-markdown=${action}]`).click();
    };
  };

  const enhanceAll = (root) => {
    for (const field of root.querySelectorAll(".markdown-field")) {
      if (!field.closest(".empty-form")) enhance(field);
    }
  };
  enhanceAll(document);
  document.addEventListener("formset:added", (event) => enhanceAll(event.target));
}
