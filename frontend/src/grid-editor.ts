import { Marker } from "maplibre-gl";
import type { GeoJSONSource, Map } from "maplibre-gl";
import type { Geometry, Position } from "geojson";
import { token } from "./data";
import { element } from "./legend";

export interface EditWords {
  vertex: string;
  middle: string;
  undo: string;
  redo: string;
  begin: string;
  area: string;
  street: string;
  help: string;
  state: string;
  broken: string;
}

/** A line or the ring of an area; a ring is kept open here and closed when it is written. */
interface Line {
  points: Position[];
  closed: boolean;
  /** Which polygon it belongs to: its outer ring comes first. */
  part: number;
}

/** Seven decimals are a centimetre: what the server keeps. */
const rounded = (at: Position): Position => [Number(at[0]!.toFixed(7)), Number(at[1]!.toFixed(7))];

function linesOf(geometry: Geometry): Line[] {
  const ring = (part: number) => (points: Position[]): Line => ({ points: points.slice(0, -1), closed: true, part });
  const line = (points: Position[], part: number): Line => ({ points, closed: false, part });
  switch (geometry.type) {
    case "Polygon": return geometry.coordinates.map(ring(0));
    case "MultiPolygon": return geometry.coordinates.flatMap((rings, part) => rings.map(ring(part)));
    case "LineString": return [line(geometry.coordinates, 0)];
    case "MultiLineString": return geometry.coordinates.map(line);
    default: throw new Error(geometry.type);
  }
}

function geometryOf(lines: Line[]): Geometry {
  if (!lines.some((line) => line.closed)) return { type: "MultiLineString", coordinates: lines.map((line) => line.points) };
  const parts: Position[][][] = [];
  for (const { points, part } of lines) (parts[part] ??= []).push([...points, points[0]!]);
  return { type: "MultiPolygon", coordinates: parts.filter(Boolean) };
}

/**
 * Edits the drawing of a text field on the map. The field is what is sent: without this script it is written by hand,
 * and what is written there by hand is shown here.
 */
export function edit(map: Map, figure: HTMLElement, field: HTMLTextAreaElement, words: EditWords) {
  let lines: Line[] = [];
  let markers: Marker[] = [];
  /** What was drawn before each change, as lines and as what is written of them: a line that has only begun is not written. */
  const past: string[] = [];
  const future: string[] = [];
  /** The vertex that keeps the focus when all are drawn again. */
  let focused: [number, number] | undefined;

  const state = element("span", "", []);
  state.setAttribute("role", "status");
  const undo = button(words.undo, () => back(past, future));
  const redo = button(words.redo, () => back(future, past));
  /** Something new is drawn: a click on the map adds its next point. */
  let drawing = false;
  const begun = (closed: boolean) => () => {
    drawing = true;
    remember();
    lines = [{ points: [], closed, part: 0 }];
    show();
  };
  const [area, street] = [button(`${words.begin}：${words.area}`, begun(true)), button(`${words.begin}：${words.street}`, begun(false))];
  figure.querySelector(".island-canvas")!.after(element("div", "actions grid-tools", [undo, redo, area, street, state]));

  function back(from: string[], to: string[]) {
    const text = from.pop();
    if (text === undefined) return;
    to.push(drawn());
    const before = JSON.parse(text) as { lines: Line[]; written: string };
    lines = before.lines;
    field.value = before.written;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    show();
    // The point that had the focus may be gone: the keyboard goes on from here.
    if (!figure.contains(document.activeElement)) (undo.disabled ? redo : undo).focus({ preventScroll: true });
  }

  const drawn = () => JSON.stringify({ lines, written: field.value });

  function remember() {
    past.push(drawn());
    if (past.length > 200) past.shift();
    future.length = 0;
  }

  function read() {
    try {
      lines = field.value.trim() ? linesOf(JSON.parse(field.value)) : [];
      show();
    } catch {
      lines = [];
      show();
      state.textContent = words.broken;
    }
  }

  function write() {
    const whole = lines.length > 0 && lines.every((line) => line.points.length >= (line.closed ? 3 : 2));
    field.value = whole ? JSON.stringify(geometryOf(lines)) : "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Draws lines and markers, and writes what they say. */
  function changed() {
    write();
    show();
  }

  function shape() {
    const features = lines.flatMap(({ points, closed }) =>
      points.length < 2 ? [] : [{ type: "Feature" as const, properties: {}, geometry: { type: "LineString" as const, coordinates: closed ? [...points, points[0]!] : points } }]);
    map.getSource<GeoJSONSource>("edited")?.setData({ type: "FeatureCollection", features });
    const count = lines.reduce((sum, line) => sum + line.points.length, 0);
    state.textContent = count ? `${words.state}：${count}` : words.help;
    undo.disabled = past.length === 0;
    redo.disabled = future.length === 0;
    area.hidden = street.hidden = count > 0;
  }

  function show() {
    shape();
    for (const marker of markers) marker.remove();
    markers = [];
    lines.forEach((line, l) => line.points.forEach((at, p) => {
      markers.push(vertex(line, l, p, at));
      const next = line.points[p + 1] ?? (line.closed && line.points.length > 2 ? line.points[0] : undefined);
      // Only where there is room: a ring of a thousand points has no dots between them.
      if (next && lines.length * line.points.length < 400) markers.push(middle(line, l, p, at, next));
    }));
    if (focused) figure.querySelector<HTMLElement>(`[data-vertex="${focused.join("-")}"]`)?.focus({ preventScroll: true });
  }

  function vertex(line: Line, l: number, p: number, at: Position): Marker {
    const handle = button("", () => undefined);
    handle.className = "grid-vertex";
    handle.dataset.vertex = `${l}-${p}`;
    handle.setAttribute("aria-label", `${words.vertex} ${p + 1}：${at[0]!.toFixed(5)}, ${at[1]!.toFixed(5)}`);
    const marker = new Marker({ element: handle, draggable: true }).setLngLat(at as [number, number]).addTo(map);
    marker.on("dragstart", remember);
    marker.on("drag", () => {
      line.points[p] = rounded(marker.getLngLat().toArray());
      shape();
    });
    marker.on("dragend", changed);
    handle.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? 10 : 1;
      const moves: Record<string, [number, number]> = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
      const move = moves[event.key];
      if (move) {
        remember();
        const seen = map.project(line.points[p] as [number, number]);
        line.points[p] = rounded(map.unproject([seen.x + move[0] * 2, seen.y + move[1] * 2]).toArray());
        focused = [l, p];
      } else if (event.key === "Delete" || event.key === "Backspace") {
        remember();
        line.points.splice(p, 1);
        if (!line.points.length) lines.splice(l, 1);
        focused = [l, Math.max(0, p - 1)];
      } else if (event.key === "Enter") {
        const next = line.points[(p + 1) % line.points.length]!;
        remember();
        line.points.splice(p + 1, 0, rounded([(line.points[p]![0]! + next[0]!) / 2, (line.points[p]![1]! + next[1]!) / 2]));
        focused = [l, p + 1];
      } else return;
      event.preventDefault();
      event.stopPropagation();
      changed();
    });
    return marker;
  }

  function middle(line: Line, l: number, p: number, at: Position, next: Position): Marker {
    const handle = button("", () => undefined);
    handle.className = "grid-middle";
    handle.tabIndex = -1;
    handle.setAttribute("aria-label", words.middle);
    const half: [number, number] = [(at[0]! + next[0]!) / 2, (at[1]! + next[1]!) / 2];
    const marker = new Marker({ element: handle, draggable: true }).setLngLat(half).addTo(map);
    const add = () => {
      remember();
      line.points.splice(p + 1, 0, rounded(half));
    };
    marker.on("dragstart", add);
    marker.on("drag", () => {
      line.points[p + 1] = rounded(marker.getLngLat().toArray());
      shape();
    });
    marker.on("dragend", () => {
      focused = [l, p + 1];
      changed();
    });
    handle.addEventListener("click", (event) => {
      event.stopPropagation();
      add();
      focused = [l, p + 1];
      changed();
    });
    return marker;
  }

  const layers = () => {
    map.addSource("edited", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    map.addLayer({ id: "edited", type: "line", source: "edited", paint: { "line-color": token("focus"), "line-width": 3 } });
    read();
  };
  if (map.isStyleLoaded()) layers();
  else map.once("load", layers);
  map.on("click", (event) => {
    const open = drawing && lines.length === 1 && lines[0]!;
    if (!open) return;
    remember();
    open.points.push(rounded(event.lngLat.toArray()));
    focused = [0, open.points.length - 1];
    changed();
  });
  field.addEventListener("change", read);
  figure.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    if (event.shiftKey) back(future, past);
    else back(past, future);
  });
}

function button(text: string, act: () => void): HTMLButtonElement {
  const made = element("button", "", [text]);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}
