// A map of the day's sites, drawn here: no outside host, no network.
import { svg } from "./dom";
import type { Day, Fix, Task } from "./store";
import { HEIGHT, type Sight, WIDTH, zoomed } from "./zoom";

const EDGE = 26;
type Ring = number[][];

export function sketch(day: Day, stateOf: (task: Task) => string, here: Fix | undefined, title: string, open: (task: Task) => void): HTMLElement | null {
  const placed = day.tasks.flatMap((task) => {
    const [lng, lat] = [Number(task.site.lng), Number(task.site.lat)];
    return task.site.lng && task.site.lat && Number.isFinite(lng + lat) ? [{ task, lng, lat }] : [];
  });
  if (!placed.length) return null;
  const points = placed.map(({ lng, lat }) => ({ lng, lat }));
  const box = {
    west: Math.min(...points.map((p) => p.lng)), east: Math.max(...points.map((p) => p.lng)),
    south: Math.min(...points.map((p) => p.lat)), north: Math.max(...points.map((p) => p.lat)),
  };
  const middle = { lng: (box.west + box.east) / 2, lat: (box.south + box.north) / 2 };
  const narrow = Math.cos((middle.lat * Math.PI) / 180);
  // At least some two hundred metres across, so that a single site has surroundings.
  const across = Math.max((box.east - box.west) * narrow, 0.004), up = Math.max(box.north - box.south, 0.003);
  const scale = Math.min((WIDTH - 2 * EDGE) / across, (HEIGHT - 2 * EDGE) / up);
  const rings = Object.values(day.outlines).flatMap((geometry): Ring[] =>
    geometry.type === "Polygon" ? geometry.coordinates : geometry.type === "MultiPolygon" ? geometry.coordinates.flat() : []);
  const map = svg("svg", { class: "sketch", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": title });

  // Drawn anew at each zoom: marks and words keep their size, and streets are named where there is room then.
  const draw = ({ zoom, x: middleX, y: middleY }: Sight) => {
    map.replaceChildren();
    const x = (lng: number) => WIDTH / 2 + (WIDTH / 2 + (lng - middle.lng) * narrow * scale - middleX) * zoom;
    const y = (lat: number) => HEIGHT / 2 + (HEIGHT / 2 - (lat - middle.lat) * scale - middleY) * zoom;
    const path = rings.map((ring) => `M${ring.map(([lng, lat]) => `${x(lng!).toFixed(1)} ${y(lat!).toFixed(1)}`).join("L")}Z`).join("");
    if (path) map.append(svg("path", { class: "outline", d: path }));
    for (const { name, geometry } of day.streets ?? []) {
      const lines = geometry.coordinates.map((line) => line.map(([lng, lat]) => [x(lng!), y(lat!)] as const));
      map.append(svg("path", { class: "street", d: lines.map((line) => `M${line.map(([a, b]) => `${a.toFixed(1)} ${b.toFixed(1)}`).join("L")}`).join("") }));
      // Named once, beside the marks of the sites and as near to the middle as can be.
      const along = lines.flatMap((line) => line.slice(1).flatMap(([a, b], i) => {
        const [from, down] = line[i]!;
        const steps = Math.min(200, Math.ceil(Math.hypot(a - from, b - down) / 15));
        return Array.from({ length: steps + 1 }, (_, step) => [from + ((a - from) * step) / steps, down + ((b - down) * step) / steps] as const);
      }));
      const free = along.filter(([a, b]) => a > EDGE && a < WIDTH - EDGE && b > EDGE && b < HEIGHT - EDGE
        && placed.every(({ lng, lat }) => Math.hypot(a - x(lng), b - y(lat)) > 40));
      const far = ([a, b]: readonly [number, number]) => Math.hypot(a - WIDTH / 2, b - HEIGHT / 2);
      const corner = free.sort((a, b) => far(a) - far(b))[0];
      if (corner) map.append(svg("text", { class: "street-name", x: corner[0].toFixed(1), y: (corner[1] - 4).toFixed(1) }, name));
    }
    placed.forEach(({ task, lng, lat }) => {
      const number = day.tasks.indexOf(task) + 1;
      const mark = svg("g", { class: `site ${stateOf(task)}`, transform: `translate(${x(lng).toFixed(1)} ${y(lat).toFixed(1)})`, onclick: () => open(task) },
        svg("circle", { r: 24, class: "reach" }), svg("circle", { r: 13 }), svg("text", { y: 5 }, String(number)));
      map.append(mark);
    });
    if (here) {
      const metre = (scale * zoom) / 111_195;
      map.append(
        svg("circle", { class: "unsure", cx: x(here.lng / 1e7), cy: y(here.lat / 1e7), r: Math.min(200, Math.max(8, here.accuracy_m * metre)) }),
        svg("circle", { class: "here", cx: x(here.lng / 1e7), cy: y(here.lat / 1e7), r: 7 }));
    }
    // A bar of a round length, so that distances can be judged.
    const round = [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000].filter((metres) => (metres / 111_195) * scale * zoom < WIDTH / 3).pop() ?? 5;
    const length = (round / 111_195) * scale * zoom;
    map.append(svg("path", { class: "bar", d: `M10 ${HEIGHT - 10}h${length.toFixed(1)}m0 -4v8M10 ${HEIGHT - 14}v8` }),
      svg("text", { class: "bar-text", x: 14 + length, y: HEIGHT - 6 }, round < 1000 ? `${round} m` : `${round / 1000} km`));
  };
  return zoomed(map, placed.map(({ task }) => task.id).join(), title, draw);
}
