"use strict";
/* An address or anchor follows the heading it is made from, until someone writes it by hand. */
{
  const slugify = (text) =>
    text
      .normalize("NFD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 60);

  const enhance = (field) => {
    const name = field.name.replace(/[^-]+$/, field.dataset.prefillFrom);
    const source = field.form.elements[name];
    if (!source || field.value) return;
    let byHand = false;
    field.addEventListener("input", () => {
      byHand = field.value !== "";
    });
    source.addEventListener("input", () => {
      if (!byHand) field.value = slugify(source.value);
    });
  };

  const enhanceAll = (root) => {
    for (const field of root.querySelectorAll("[data-prefill-from]")) {
      if (!field.closest(".empty-form")) enhance(field);
    }
  };
  enhanceAll(document);
  document.addEventListener("formset:added", (event) => enhanceAll(event.target));
}
