// A click on the map chooses a mark, or fills in the degrees of a point. The fields hold the answer.

const SVG = "http://www.w3.org/2000/svg";
const toDegrees = (radians) => (radians * 180) / Math.PI;

// Longitude and latitude of a point of the map: mapping.unproject in apps/content/mapping.py.
const unproject = (x, y, view) => {
  const [east, north] = [(x - view.x) / view.scale, (view.y - y) / view.scale];
  const distance = Math.hypot(east, north);
  if (distance > 2) return null;
  if (distance === 0) return [view.longitude, view.latitude];
  const angle = 2 * Math.asin(distance / 2);
  const centre = (view.latitude * Math.PI) / 180;
  const latitude = Math.asin(
    Math.cos(angle) * Math.sin(centre) + (north * Math.sin(angle) * Math.cos(centre)) / distance,
  );
  const turned = Math.atan2(
    east * Math.sin(angle),
    distance * Math.cos(centre) * Math.cos(angle) - north * Math.sin(centre) * Math.sin(angle),
  );
  return [((toDegrees(turned) + view.longitude + 540) % 360) - 180, toDegrees(latitude)];
};

const pointOf = (svg, event) =>
  new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());

const changed = (field) => field.dispatchEvent(new Event("change", { bubbles: true }));

const chooseMark = (svg, event) => {
  const label = event.target.closest("[data-mark]")?.dataset.mark;
  const field = label && svg.closest("fieldset").querySelector(`input[value="${label}"]`);
  if (!field) return;
  field.checked = true;
  changed(field);
};

const showPoint = (svg, { x, y }) => {
  svg.querySelectorAll(".plot__mark").forEach((mark) => mark.remove());
  const dot = document.createElementNS(SVG, "circle");
  dot.setAttribute("class", "plot__dot plot__mark");
  dot.setAttribute("cx", x);
  dot.setAttribute("cy", y);
  dot.setAttribute("r", "5");
  svg.append(dot);
};

const choosePoint = (svg, event) => {
  const view = Object.fromEntries(Object.entries(svg.dataset).map(([name, text]) => [name, Number(text)]));
  const point = pointOf(svg, event);
  const found = unproject(point.x / view.zoom + view.left, point.y / view.zoom + view.top, view);
  if (!found) return;
  const fields = svg.closest("fieldset");
  showPoint(svg, point);
  const [longitude, latitude] = ["longitude", "latitude"].map((name) => fields.querySelector(`[name$=".${name}"]`));
  longitude.value = found[0].toFixed(2);
  latitude.value = found[1].toFixed(2);
  changed(longitude);
  changed(latitude);
};

const enhance = (svg) => {
  const fields = svg.closest("fieldset");
  if (svg.dataset.script || fields.querySelector("input:disabled")) return;
  svg.dataset.script = "on";
  const isPoint = svg.dataset.plot === "point";
  svg.addEventListener("click", (event) => (isPoint ? choosePoint : chooseMark)(svg, event));
  // A point that is typed is no longer where the last click was.
  if (isPoint) {
    fields.addEventListener("input", () => {
      svg.querySelectorAll(".plot__mark").forEach((mark) => mark.remove());
    });
  }
};

const start = (root) => root.querySelectorAll("[data-plot]").forEach(enhance);
start(document);
document.addEventListener("htmx:load", (event) => start(event.target));
