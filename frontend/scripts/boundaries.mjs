// Makes the small copy of the boundaries that pages load: `npm run boundaries`.
// Borders that two places share are simplified once, as one line, so that neighbours still meet.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../data/", import.meta.url));
/** How far (in degrees, about 60 m) a simplified border may stray from the true one. */
const TOLERANCE = 0.0006;
const DIGITS = 5;

const source = JSON.parse(readFileSync(folder + "boundaries.geojson", "utf8"));
const key = (p) => p.join(",");

/** For each vertex: the places whose border runs through it. */
const owners = new Map();
source.features.forEach((feature, place) => {
  for (const ring of feature.geometry.coordinates)
    for (const p of ring) owners.set(key(p), (owners.get(key(p)) ?? new Set()).add(place));
});
const ownersOf = (p) => [...owners.get(key(p))].join();

/** A vertex where the set of places changes: the end of a shared line, never removed. */
const isJunction = (before, p, after) => ownersOf(before) !== ownersOf(p) || ownersOf(after) !== ownersOf(p);

function distance([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const along = dx || dy ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy))) : 0;
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

/** Douglas–Peucker. */
function simplify(line) {
  let [far, furthest] = [0, TOLERANCE];
  for (let i = 1; i < line.length - 1; i++) {
    const d = distance(line[i], line[0], line.at(-1));
    if (d > furthest) [far, furthest] = [i, d];
  }
  if (!far) return [line[0], line.at(-1)];
  return [...simplify(line.slice(0, far + 1)).slice(0, -1), ...simplify(line.slice(far))];
}

/** The same line must simplify to the same vertices whichever way round a place walks it. */
function simplifyEitherWay(line) {
  return key(line[0]) <= key(line.at(-1)) ? simplify(line) : simplify([...line].reverse()).reverse();
}

function simplifyRing(closed) {
  const ring = closed.slice(0, -1);
  const at = (i) => ring[(i + ring.length) % ring.length];
  const smallest = ring.reduce((best, p, i) => (key(p) < key(ring[best]) ? i : best), 0);
  const corners = ring.flatMap((p, i) => (isJunction(at(i - 1), p, at(i + 1)) ? [i] : []));
  // An island has no junction: cut it at two fixed vertices, or it would shrink to a point.
  if (corners.length < 2) corners.splice(0, 2, ...[smallest, (smallest + (ring.length >> 1)) % ring.length].sort((a, b) => a - b));
  const out = corners.flatMap((from, n) => {
    const to = corners[(n + 1) % corners.length];
    const line = Array.from({ length: ((to - from + ring.length) % ring.length) + 1 }, (_, i) => at(from + i));
    return simplifyEitherWay(line).slice(0, -1);
  });
  return [...out, out[0]].map((p) => p.map((v) => Number(v.toFixed(DIGITS))));
}

const features = source.features.map(({ properties, geometry }) => JSON.stringify({
  type: "Feature",
  properties: { code: properties.code, name: properties.name, level: properties.level },
  geometry: { type: "Polygon", coordinates: geometry.coordinates.map(simplifyRing) },
}));
writeFileSync(folder + "boundaries.web.geojson",
  `{"type":"FeatureCollection","license":${JSON.stringify(source.license)},"features":[\n${features.join(",\n")}\n]}\n`);
