// Citations, terms and notes open in place.
// Without this file every one of these links leads to the end of the lesson and back.

const popover = document.getElementById("popover");
const body = popover.querySelector(".popover__body");
const title = document.getElementById("popover-title");
const more = popover.querySelector(".popover__more a");
const GAP = 8;
let opener = null;

// What the link's target says: the entry of a work, a term with its definition, a note.
const contentOf = (target) => {
  const parts = [...(target.matches("dt") ? [target, target.nextElementSibling] : target.childNodes)];
  return parts.map((part) => {
    const copy = part.cloneNode(true);
    if (copy.nodeType !== Node.ELEMENT_NODE) return copy;
    copy.removeAttribute("id");
    for (const marked of copy.querySelectorAll("[id]")) marked.removeAttribute("id");
    if (!copy.matches("dt, dd")) return copy;
    const plain = document.createElement(copy.matches("dt") ? "p" : "div");
    plain.className = copy.matches("dt") ? "popover__term" : "";
    plain.append(...copy.childNodes);
    return plain;
  });
};

// Below the line of the link, or above it where there is no room; never outside the window.
const place = () => {
  if (!opener) return;
  const line = opener.getClientRects()[0];
  const box = popover.getBoundingClientRect();
  const width = document.documentElement.clientWidth;
  const below = line.bottom + GAP;
  const top = below + box.height < innerHeight ? below : Math.max(GAP, line.top - GAP - box.height);
  const left = Math.min(Math.max(GAP, line.left), width - box.width - GAP);
  const isRtl = getComputedStyle(popover).direction === "rtl";
  popover.style.setProperty("--popover-top", `${top}px`);
  popover.style.setProperty("--popover-start", `${isRtl ? width - left - box.width : left}px`);
};

// A sheet at the foot of a phone must not lie on the line that it explains.
const uncover = () => {
  const line = opener.getClientRects()[0];
  const box = popover.getBoundingClientRect();
  if (box.top < line.bottom && box.bottom > line.top) scrollBy(0, line.bottom + GAP - box.top);
};

const kindOf = (link) => ["citation", "term"].find((name) => link.classList.contains(name)) ?? "footnote";

const open = (link, target) => {
  opener = link;
  title.textContent = popover.dataset[kindOf(link)];
  body.replaceChildren(...contentOf(target));
  more.hash = link.hash;
  popover.showPopover();
  place();
  uncover();
  link.setAttribute("aria-expanded", "true");
  popover.focus({ preventScroll: true });
};

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest(".edition :is(.citation, .term, .footnote-ref)");
  const target = link?.hash && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!target || !popover.showPopover) return;
  event.preventDefault();
  if (popover.matches(":popover-open")) popover.hidePopover();
  open(link, target);
});

popover.addEventListener("toggle", (event) => {
  if (event.newState !== "closed" || !opener || popover.matches(":popover-open")) return;
  opener.removeAttribute("aria-expanded");
  // Esc and the close button give the focus back; a click elsewhere has taken it already.
  if ([document.body, popover].includes(document.activeElement)) opener.focus({ preventScroll: true });
  opener = null;
});

more.addEventListener("click", () => {
  opener?.removeAttribute("aria-expanded");
  opener = null;
  popover.hidePopover();
});

addEventListener("scroll", place, { passive: true });
addEventListener("resize", place);

// Where the outline stands open beside the text, it is open to every reader of the page too.
const fold = document.querySelector(".outline__fold");
const isWide = matchMedia("(width >= 64rem)");
const unfold = () => {
  fold.open = isWide.matches;
};
unfold();
isWide.addEventListener("change", unfold);
