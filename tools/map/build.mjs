// Writes apps/content/eurasia.json: outlines of the countries of Eurasia as SVG paths.
//
//   npm ci --prefix tools/map && node tools/map/build.mjs
//
// Source: Natural Earth 1:50m, public domain, as world-atlas carries it. The projection is
// Lambert's azimuthal equal-area one; apps/content/mapping.py computes the same formula, and the
// cities and areas recorded at the end of the file are what its tests compare with.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { geoArea, geoAzimuthalEqualArea, geoContains, geoPath } from "d3-geo";
import countries from "i18n-iso-countries";
import polylabel from "polylabel";
import { feature } from "topojson-client";
import { presimplify, simplify, sphericalTriangleArea } from "topojson-simplify";

// The whole of every member of the SCO, from Kaliningrad to the Bering Strait and Cape Comorin.
const VIEW = { width: 920, height: 790, longitude: 84, latitude: 45, scale: 500, x: 432, y: 439 };
// From Tehran to Kashgar and Delhi, in the coordinates of the view: what is drawn larger.
const FRAME = { x: 186, y: 440, width: 230, height: 180 };
const SMALLEST_DETAIL = 1e-5; // steradians; a bend of the coast that covers less is left out
const FINER_IN_FRAME = 12; // times
const SMALLEST_ISLAND = 5e-5;
const GROUND = new URL("../../static/img/eurasia.svg", import.meta.url);
const TARGET = new URL("../../apps/content/eurasia.json", import.meta.url);

// Where the test of the projection looks.
const CITIES = {
  Moscow: [37.62, 55.76],
  Islamabad: [73.06, 33.69],
  Karachi: [67.01, 24.86],
  Beijing: [116.41, 39.9],
  Minsk: [27.57, 53.9],
  Anadyr: [177.5, 64.73],
};
// Places that more than one state claims or holds: which outline they fall in, for the note
// under the map. "" is a shape of its own, with no state.
const CLAIMED = {
  "Aksai Chin": [79.3, 35.2],
  "Arunachal Pradesh": [94.5, 28.2],
  Crimea: [34.1, 45.2],
  Donetsk: [37.8, 48],
  Gilgit: [74.3, 35.9],
  Muzaffarabad: [73.5, 34.4],
  Pulwama: [74.9, 33.87],
  "Shaksgam Valley": [76.6, 36.1],
  "Siachen Glacier": [77.1, 35.5],
  Srinagar: [74.8, 34.1],
  Taiwan: [121, 24],
};

const require = createRequire(import.meta.url);
const atlas = JSON.parse(readFileSync(require.resolve("world-atlas/countries-50m.json")));
const exact = feature(atlas, atlas.objects.countries).features;
function sight(x, y, width, height) {
  const clip = [[x, y], [x + width, y + height]];
  return geoAzimuthalEqualArea()
    .rotate([-VIEW.longitude, -VIEW.latitude])
    .scale(VIEW.scale)
    .translate([VIEW.x, VIEW.y])
    .precision(0.4)
    .clipExtent(clip);
}

const projection = sight(-1, -1, VIEW.width + 2, VIEW.height + 2);
const path = geoPath(projection).digits(1);
const framed = geoPath(sight(FRAME.x, FRAME.y, FRAME.width, FRAME.height)).digits(1);

// How much a bend matters: its area, and more where the map is enlarged.
function weight(triangle) {
  const [x, y] = projection(triangle[1]);
  const isFramed =
    x > FRAME.x && x < FRAME.x + FRAME.width && y > FRAME.y && y < FRAME.y + FRAME.height;
  return sphericalTriangleArea(triangle) * (isFramed ? FINER_IN_FRAME : 1);
}
const simple = simplify(presimplify(atlas, weight), SMALLEST_DETAIL);
const shapes = feature(simple, simple.objects.countries).features;

const iso = (shape) => (shape.id ? (countries.numericToAlpha2(shape.id) ?? "") : "");
// The equal-area projection turns steradians into this many square units.
const isMostlyInSight = (shape) => path.area(shape) > 0.5 * geoArea(shape) * VIEW.scale ** 2;

// Islands too small to see are dropped, unless they are all there is of a country; so are holes,
// because what lies in them is dropped as well.
function withoutSpecks(shape) {
  const { type, coordinates } = shape.geometry;
  const area = (ring) => {
    const steradians = geoArea({ type: "Polygon", coordinates: [ring] });
    return Math.min(steradians, 4 * Math.PI - steradians);
  };
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  const least = Math.min(SMALLEST_ISLAND, Math.max(...polygons.map(([outer]) => area(outer))));
  const kept = polygons
    .map((rings) => rings.filter((ring) => area(ring) >= least))
    .filter((rings) => rings.length);
  return { ...shape, geometry: { type: "MultiPolygon", coordinates: kept } };
}

// Where a name stands: in the middle of the widest stretch of the country that is in sight, and
// how wide that stretch is. Names are wide and low: height counts for more than width.
const FLATNESS = 2.5;
function room(shape, sight) {
  const rings = (sight(shape) ?? "")
    .split("Z")
    .filter(Boolean)
    .map((ring) => ring.slice(1).split("L").map((point) => point.split(",").map(Number)))
    .map((ring) => ring.map(([x, y]) => [x, y * FLATNESS]));
  if (!rings.length) return null;
  const spots = rings.map((ring) => polylabel([ring], 0.5));
  const best = spots.reduce((one, other) => (other.distance > one.distance ? other : one));
  return [best[0], best[1] / FLATNESS, best.distance * 2].map((n) => Math.round(n * 10) / 10);
}

// "M1,2L3,4L5,6Z" in steps: "m1 2 2 2 2 2z" is half as long and compresses better.
function relative(absolute) {
  let [atX, atY] = [0, 0];
  const tenth = (value) => Math.round(value * 10) / 10;
  const rings = absolute
    .split("Z")
    .filter(Boolean)
    .map((ring) => {
      let [x0, y0] = [0, 0];
      const steps = ring
        .slice(1)
        .split("L")
        .map((point) => point.split(",").map(Number))
        .map(([x, y], index) => {
          const step = [tenth(x - atX), tenth(y - atY)];
          if (index === 0) [x0, y0] = [x, y];
          [atX, atY] = [x, y];
          return step;
        })
        .filter(([x, y], index) => index === 0 || x !== 0 || y !== 0);
      [atX, atY] = [x0, y0];
      if (steps.length < 4) return "";
      return `m${steps.map(([x, y]) => `${x} ${y}`).join(" ")}z`.replaceAll(" -", "-");
    })
    .join("");
  return rings && `M0 0${rings}`; // so that paths can stand one after another
}

const drawn = shapes
  .map(withoutSpecks)
  .map((shape) => ({
    iso: isMostlyInSight(shape) ? iso(shape) : "",
    shape,
    outline: path(shape),
  }))
  .filter(({ outline }) => outline)
  .map(({ iso, shape, outline }) => ({
    iso,
    name: shape.properties.name,
    path: relative(outline),
    room: room(shape, path),
    frame_room: room(shape, framed),
  }))
  .filter(({ path, room }) => path && room)
  .sort((a, b) => a.name.localeCompare(b.name, "en"));

const within = (point) => exact.filter((shape) => geoContains(shape, point)).map(iso);
const record = {
  source: "Natural Earth 1:50m, public domain",
  view: VIEW,
  frame: FRAME,
  countries: drawn,
  cities: Object.entries(CITIES).map(([name, point]) => ({
    name,
    longitude: point[0],
    latitude: point[1],
    xy: projection(point).map((value) => Math.round(value * 1000) / 1000),
  })),
  claimed: Object.fromEntries(
    Object.entries(CLAIMED).map(([name, point]) => [name, within(point).join(" ")]),
  ),
};
const lines = Object.entries(record).map(([key, value]) =>
  Array.isArray(value)
    ? `"${key}":[\n${value.map((item) => JSON.stringify(item)).join(",\n")}]`
    : `"${key}":${JSON.stringify(value)}`,
);
writeFileSync(TARGET, `{${lines.join(",\n")}}\n`);
// The same outlines as one shape, which the maps of questions refer to.
const ground = drawn.map(({ path }) => path).join("");
writeFileSync(
  GROUND,
  `<svg xmlns="http://www.w3.org/2000/svg"><path id="ground" vector-effect="non-scaling-stroke" d="${ground}"/></svg>\n`,
);
