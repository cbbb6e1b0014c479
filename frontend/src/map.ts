import "maplibre-gl/dist/maplibre-gl.css";
import { AttributionControl, LngLatBounds, Map, Marker, NavigationControl, Popup, setWorkerUrl } from "maplibre-gl";
import type { GeoJSONSource, StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import type { Feature, FeatureCollection, Point, Position } from "geojson";
import { canvasOf, dataOf, fetchJson, onTheme, token } from "./data";
import { element, legend, shapes, tiles } from "./legend";
import { markOf, type Marks } from "./marks";
import { scaleOver, type Scale } from "./scale";

setWorkerUrl(new URL(workerUrl, import.meta.url).href);

/** What the server says about one map. Every text is already in the reader's language. */
export interface MapData {
  /** Named for screen readers; the table beside the map is the full equivalent. */
  title: string;
  places: Place[];
  /** GeoJSON in WGS 84; a feature belongs to the place whose `code` equals its property `code`. */
  boundaries?: string;
  /**
   * The address of points, or the points themselves, with the properties `title`, `detail`, `href`, `category`; drawn in clusters. A map that has places too
   * shows these first and fetches the points when they are asked for.
   */
  points?: string | FeatureCollection<Point | null>;
  /** What points are told apart by; each leads to its own list. */
  categories?: Category[];
  /** The same, asked for again with `zoom` and `bbox` whenever the map is moved: where there are many, the server counts
   * them by cells, points with the single property `n`, which add up to what there is. */
  moving?: string;
  /** Ids of two fields into which the degrees of a click go. */
  pick?: { lng: string; lat: string };
  /** A raster tile source that the host has configured, and what its terms ask to be shown. */
  tiles?: { url: string; attribution: string; maxzoom?: number };
  /** The map-review number （审图号）, if the host has one. */
  review?: string;
  /** Who made the boundaries. */
  credit?: string;
  words: Words;
}

export interface Place {
  code?: string;
  name: string;
  href: string;
  /** A decimal as text, exactly as published; null if the place has no score. */
  value: string | null;
  /** A few words under the value, for instance the rank. */
  note?: string;
}

export interface Category {
  id: string;
  title: string;
  href: string;
}

/** Those after `touchHelp` are there if there are points. */
export interface Words {
  legend: string;
  noValue: string;
  /** Heads the list of places that have no polygon. */
  noPolygon: string;
  open: string;
  zoomIn: string;
  zoomOut: string;
  wheelHelp: string;
  touchHelp: string;
  /** That points have not come. */
  failed?: string;
  /** Names the switch, and its two sides. */
  show?: string;
  units?: string;
  points?: string;
  /** Heads the legend of points; what is in none of the categories. */
  categories?: string;
  other?: string;
  /** `{count}` points on the map, `{seen}` of them in sight. */
  seen?: string;
  /** `{more}` points at the same place that the popup does not name. */
  more?: string;
}

interface Drawing {
  data: MapData;
  areas: FeatureCollection;
  points?: FeatureCollection<Point>;
  /** Points are drawn, and places only as outlines. */
  shown: "units" | "points";
  scale?: Scale;
  marks?: Marks;
}

export async function mount(figure: HTMLElement) {
  const data = await dataOf<MapData>(figure);
  const areas = data.boundaries ? await fetchJson<FeatureCollection>(data.boundaries) : { type: "FeatureCollection" as const, features: [] };
  const values = data.places.flatMap((place) => (place.value === null ? [] : [Number(place.value)]));
  const drawing: Drawing = {
    data, areas, shown: (data.points && !data.places.length) || data.moving ? "points" : "units",
    scale: values.length ? scaleOver(values) : undefined,
  };
  const canvas = canvasOf(figure);
  let map: Map | undefined;
  let below: HTMLElement[] = [];
  const redraw = async () => {
    if (drawing.shown === "points" && !drawing.points) await fetchPoints(drawing);
    map?.remove();
    below.forEach((part) => part.remove());
    map = draw(canvas, drawing);
    below = partsBelow(figure, drawing, map);
    canvas.after(...below);
    if (data.moving) follow(figure, map, drawing);
  };
  await redraw();
  onTheme(() => void redraw());
  if (data.points && data.places.length) figure.prepend(sides(drawing, redraw));
}

/** All points of the answer; those without a position are counted by the page and cannot be drawn. */
async function fetchPoints(drawing: Drawing) {
  const { points, moving, categories } = drawing.data;
  drawing.marks = markOf(categories ?? []);
  drawing.points = marked(drawing.marks, typeof points === "object" ? points : await fetchJson(points ?? `${moving}&zoom=8`));
}

function marked(marks: Marks, all: FeatureCollection<Point | null>): FeatureCollection<Point> {
  const located = all.features.filter((feature): feature is Feature<Point> => feature.geometry !== null);
  for (const { properties } of located) if (properties && !counted(properties)) properties.mark = marks.indexOf(properties.category as string | null);
  return { type: "FeatureCollection", features: located };
}

/** What stands between the picture and the caption: the legend, and places or points in words. */
function partsBelow(figure: HTMLElement, drawing: Drawing, map: Map): HTMLElement[] {
  const { data, areas, points, scale, marks } = drawing;
  if (drawing.shown === "points") {
    const used = new Set(points!.features.map((feature) => feature.properties!.mark as number));
    const seen = data.moving ? element("p", "map-seen", []) : counter(figure, map, points!.features.length, data.words);
    return marks!.categories.length ? [seen, shapes(marks!, used, data)] : [seen];
  }
  const parts = scale ? [legend(scale, data.words)] : [];
  const drawn = new Set(areas.features.map((feature) => feature.properties?.code));
  const without = data.places.filter((place) => !place.code || !drawn.has(place.code));
  return without.length ? [...parts, tiles(without, scale, data.words)] : parts;
}

/** The switch between units and points. */
function sides(drawing: Drawing, redraw: () => Promise<void>): HTMLElement {
  const { words } = drawing.data;
  const names = { units: words.units!, points: words.points! };
  const buttons = (["units", "points"] as const).map((side) => {
    const button = element("button", "quiet", [names[side]]);
    button.type = "button";
    button.dataset.side = side;
    button.addEventListener("click", async () => {
      const before = drawing.shown;
      drawing.shown = side;
      mark();
      said.textContent = "";
      try {
        await redraw();
      } catch (fault) {
        console.error(fault);
        // The map is as it was, and so is the switch.
        drawing.shown = before;
        mark();
        said.textContent = words.failed ?? "";
      }
    });
    return button;
  });
  const said = element("span", "soft", []);
  said.setAttribute("role", "status");
  const mark = () => buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.side === drawing.shown)));
  mark();
  const group = element("div", "map-switch", [...buttons, said]);
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", words.show!);
  return group;
}

/** How many points the map holds and how many are in sight, counted from the circles and marks that are drawn. */
function counter(figure: HTMLElement, map: Map, count: number, words: Words): HTMLElement {
  const line = element("p", "map-seen", []);
  map.on("idle", () => {
    const bounds = map.getBounds();
    const seen = new globalThis.Map<string, number>();
    for (const { properties, geometry } of map.querySourceFeatures("points")) {
      if (!bounds.contains((geometry as Point).coordinates as [number, number])) continue;
      // Tiles overlap at their edges: the same circle may come twice.
      const cluster = properties.cluster_id as number | undefined;
      seen.set(cluster === undefined ? `point ${properties.href}` : `cluster ${cluster}`, (properties.point_count as number | undefined) ?? 1);
    }
    const sum = [...seen.values()].reduce((sum, each) => sum + each, 0);
    line.textContent = words.seen!.replace("{count}", String(count)).replace("{seen}", String(sum));
    Object.assign(figure.dataset, { count, seen: sum, circles: seen.size });
  });
  return line;
}

function draw(canvas: HTMLElement, drawing: Drawing): Map {
  const { data, areas } = drawing;
  const points = drawing.shown === "points" ? drawing.points : undefined;
  const map = new Map({
    container: canvas,
    style: styleOf(drawing),
    bounds: beginning(areas.features, points?.features ?? []),
    fitBoundsOptions: { padding: canvas.clientWidth < 520 ? 24 : 40, maxZoom: nearest(drawing) },
    attributionControl: false,
    // One finger and the plain wheel scroll the page; two fingers and Ctrl move the map.
    cooperativeGestures: true,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    locale: {
      "Map.Title": data.title,
      "NavigationControl.ZoomIn": data.words.zoomIn,
      "NavigationControl.ZoomOut": data.words.zoomOut,
      "CooperativeGesturesHandler.WindowsHelpText": data.words.wheelHelp,
      "CooperativeGesturesHandler.MacHelpText": data.words.wheelHelp.replace("Ctrl", "⌘"),
      "CooperativeGesturesHandler.MobileHelpText": data.words.touchHelp,
    },
  });
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  const credits = [data.tiles?.attribution, data.credit, data.review].filter((text) => text !== undefined && text !== "") as string[];
  map.addControl(new AttributionControl({ compact: false, customAttribution: credits.map(plain) }));
  map.on("error", ({ error }) => console.error(error));
  if (!points) for (const [place, at] of labelled(drawing)) label(place, at).addTo(map);
  if (points) {
    const marks = drawing.marks!;
    map.on("style.load", () => {
      // One more mark than categories: it stands for everything else.
      for (let index = 0; index <= marks.categories.length; index += 1) map.addImage(`mark-${index}`, marks.image(index), { pixelRatio: 2 });
    });
    answerClicks(map, data.words);
  }
  if (data.pick) pick(map, data.pick);
  return map;
}

/** MapLibre writes credits as HTML; ours are text. */
const plain = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

function styleOf(drawing: Drawing): StyleSpecification {
  const { data, areas, scale } = drawing;
  const points = drawing.shown === "points" ? drawing.points : undefined;
  const place = new globalThis.Map(data.places.map((p) => [p.code, p]));
  const coloured = areas.features.map((feature) => {
    const value = place.get(feature.properties?.code)?.value;
    const fill = value != null && scale ? scale.colourOf(Number(value)) : undefined;
    return { ...feature, properties: { ...feature.properties, fill } };
  });
  const style: StyleSpecification = {
    version: 8,
    sources: { areas: { type: "geojson", data: { type: "FeatureCollection", features: coloured } } },
    layers: [{ id: "ground", type: "background", paint: { "background-color": token("map-ground") } }],
  };
  if (data.tiles) {
    const { url, maxzoom = 18 } = data.tiles;
    style.sources.tiles = { type: "raster", tiles: [url], tileSize: 256, maxzoom };
    style.layers.push({ id: "tiles", type: "raster", source: "tiles" });
  }
  style.layers.push(
    {
      id: "fill", type: "fill", source: "areas", filter: ["has", "fill"],
      paint: { "fill-color": ["get", "fill"], "fill-opacity": data.tiles ? 0.65 : points ? 0.55 : 1 },
    },
    { id: "border", type: "line", source: "areas", paint: { "line-color": token("map-border"), "line-width": 1.2 } },
  );
  if (!points) return style;
  // Counting in the browser is exact: clusters are made from all points, none is sampled away.
  const { cells, single } = parted(points);
  style.sources.points = { type: "geojson", data: single, cluster: true, clusterRadius: 44, clusterMaxZoom: 15 };
  style.sources.counted = { type: "geojson", data: cells };
  const [dot, paper] = [token("map-point"), token("surface")];
  const ring = { "circle-stroke-color": paper, "circle-stroke-width": 1.5 };
  style.layers.push(
    {
      id: "clusters", type: "circle", source: "points", filter: ["has", "point_count"],
      paint: { ...ring, "circle-color": dot, "circle-radius": ["interpolate", ["linear"], ["sqrt", ["get", "point_count"]], 1.4, 11, 15, 26] },
    },
    {
      id: "counts", type: "symbol", source: "points", filter: ["has", "point_count"],
      layout: { "text-field": ["to-string", ["get", "point_count"]], "text-font": ["sans-serif"], "text-size": 13, "text-allow-overlap": true, "text-ignore-placement": true },
      paint: { "text-color": paper },
    },
    {
      id: "points", type: "symbol", source: "points", filter: ["!", ["has", "point_count"]],
      layout: { "icon-image": ["concat", "mark-", ["to-string", ["get", "mark"]]], "icon-allow-overlap": true, "icon-ignore-placement": true },
    },
    {
      id: "cells", type: "circle", source: "counted",
      paint: { ...ring, "circle-color": dot, "circle-radius": ["interpolate", ["linear"], ["sqrt", ["get", "n"]], 1, 9, 30, 28] },
    },
    {
      id: "cell-counts", type: "symbol", source: "counted",
      layout: { "text-field": ["to-string", ["get", "n"]], "text-font": ["sans-serif"], "text-size": 12, "text-allow-overlap": true, "text-ignore-placement": true },
      paint: { "text-color": paper },
    },
  );
  return style;
}

/** A single point is shown with its streets, if there are tiles to show them. */
const nearest = ({ data }: Drawing) => (data.tiles && typeof data.points === "object" ? 16 : 12);

/** The whole region; where points lie in one corner of it, that corner. */
function beginning(areas: Feature[], points: Feature[]): LngLatBounds {
  const [whole, drawn] = [boundsOf([...areas, ...points]), boundsOf(points)];
  const width = (bounds: LngLatBounds) => bounds.getEast() - bounds.getWest();
  return points.length && width(drawn) < width(whole) / 2 ? drawn : whole;
}

/** The server counted so many here. */
const counted = (properties: Feature["properties"]) => properties?.n as number | undefined;

/** Points that the server has counted already, and single ones. */
function parted({ features }: FeatureCollection<Point>) {
  const collection = (cells: boolean): FeatureCollection<Point> => ({
    type: "FeatureCollection",
    features: features.filter(({ properties }) => (counted(properties) !== undefined) === cells),
  });
  return { cells: collection(true), single: collection(false) };
}

/** Asks again for what is in sight and says how many that are; of several answers only the last question's counts. */
function follow(figure: HTMLElement, map: Map, drawing: Drawing) {
  let asked = 0;
  const ask = async () => {
    const question = ++asked;
    const box = map.getBounds().toArray().flat().map((degree) => degree.toFixed(5)).join(",");
    const zoom = Math.max(0, Math.min(22, Math.floor(map.getZoom())));
    const answer = await fetchJson<FeatureCollection<Point> & { count: number; nowhere: number }>(`${drawing.data.moving}&zoom=${zoom}&bbox=${box}`);
    if (question !== asked) return;
    const { cells, single } = parted(marked(drawing.marks!, answer));
    map.getSource<GeoJSONSource>("points")?.setData(single);
    map.getSource<GeoJSONSource>("counted")?.setData(cells);
    const count = answer.count - answer.nowhere;
    const seen = cells.features.reduce((sum, { properties }) => sum + counted(properties)!, single.features.length);
    figure.querySelector(".map-seen")!.textContent = drawing.data.words.seen!.replace("{count}", String(count)).replace("{seen}", String(seen));
    Object.assign(figure.dataset, { count, seen });
  };
  const asking = () => void ask().catch((fault) => {
    console.error(fault);
    figure.querySelector(".map-seen")!.textContent = drawing.data.words.failed ?? "";
  });
  map.on("load", asking);
  map.on("moveend", asking);
}

/** A click fills the two fields in, and the fields move the mark. */
function pick(map: Map, fields: { lng: string; lat: string }) {
  const [lng, lat] = [fields.lng, fields.lat].map((id) => document.getElementById(id) as HTMLInputElement | null);
  if (!lng || !lat) return;
  const mark = new Marker();
  const show = () => {
    const at: [number, number] = [Number(lng.value), Number(lat.value)];
    if (lng.value && lat.value && at.every(Number.isFinite) && Math.abs(at[1]) <= 90) mark.setLngLat(at).addTo(map);
    else mark.remove();
  };
  map.on("click", ({ lngLat }) => {
    [lng.value, lat.value] = [lngLat.lng.toFixed(6), lngLat.lat.toFixed(6)];
    const datum = lng.form?.elements.namedItem("datum");
    // The map is drawn in WGS 84.
    if (datum instanceof HTMLSelectElement) datum.value = "WGS84";
    show();
  });
  for (const field of [lng, lat]) field.addEventListener("change", show);
  show();
}

function boundsOf(features: Feature[]): LngLatBounds {
  const bounds = new LngLatBounds();
  const walk = (c: Position | Position[] | Position[][] | Position[][][]): void => {
    if (typeof c[0] === "number") bounds.extend(c as [number, number]);
    else for (const part of c as Position[][][]) walk(part);
  };
  for (const { geometry } of features) if (geometry && "coordinates" in geometry) walk(geometry.coordinates);
  return bounds;
}

/** Places with a polygon, and the middle of the polygon's widest horizontal cut: a point inside it. */
function* labelled({ data, areas }: Drawing): Generator<[Place, [number, number]]> {
  for (const place of data.places) {
    const area = areas.features.find((feature) => place.code && feature.properties?.code === place.code);
    if (area?.geometry.type === "Polygon") yield [place, insideOf(area.geometry.coordinates)];
    if (area?.geometry.type === "MultiPolygon") yield [place, insideOf(area.geometry.coordinates.flat())];
  }
}

function insideOf(rings: Position[][]): [number, number] {
  const lats = rings.flat().map((p) => p[1]!);
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  let best = { width: -1, at: [0, 0] as [number, number] };
  for (const share of [0.35, 0.425, 0.5, 0.575, 0.65]) {
    const y = south + (north - south) * share;
    const cuts = rings.flatMap((ring) => ring.slice(1).flatMap((b, i) => {
      const a = ring[i]!;
      return a[1]! > y === b[1]! > y ? [] : [a[0]! + ((y - a[1]!) / (b[1]! - a[1]!)) * (b[0]! - a[0]!)];
    })).sort((a, b) => a - b);
    for (let i = 0; i + 1 < cuts.length; i += 2) {
      const width = cuts[i + 1]! - cuts[i]!;
      if (width > best.width) best = { width, at: [(cuts[i]! + cuts[i + 1]!) / 2, y] };
    }
  }
  return best.at;
}

function label(place: Place, at: [number, number]): Marker {
  const link = element("a", "map-label", [
    element("strong", "", [place.name]),
    element("span", "row", [element("span", "num", [place.value ?? "—"]), element("span", "", [place.note ?? ""])]),
  ]);
  link.href = place.href;
  return new Marker({ element: link }).setLngLat(at);
}

function answerClicks(map: Map, words: Words) {
  const pointer = (shape: string) => () => (map.getCanvas().style.cursor = shape);
  for (const layer of ["clusters", "points", "cells"]) {
    map.on("mouseenter", layer, pointer("pointer"));
    map.on("mouseleave", layer, pointer(""));
  }
  map.on("click", "clusters", async ({ features }) => {
    const cluster = features![0]!;
    const source = map.getSource<GeoJSONSource>("points")!;
    const zoom = await source.getClusterExpansionZoom(cluster.properties.cluster_id as number);
    map.easeTo({ center: (cluster.geometry as Point).coordinates as [number, number], zoom });
  });
  map.on("click", "cells", ({ features }) => {
    const center = (features![0]!.geometry as Point).coordinates as [number, number];
    map.easeTo({ center, zoom: map.getZoom() + 2 });
  });
  map.on("click", "points", ({ features }) => {
    const { geometry } = features![0]!;
    // Several problems may have been found at one place.
    const named = features!.slice(0, NAMED).map(({ properties }) => {
      const link = element("a", "", [words.open]);
      link.href = String(properties.href);
      return element("li", "", [element("strong", "", [String(properties.title)]), element("p", "", [String(properties.detail)]), link]);
    });
    const more = features!.length - named.length;
    const content = element("div", "map-popup", [element("ul", "", named)]);
    if (more > 0 && words.more) content.append(element("p", "soft", [words.more.replace("{more}", String(more))]));
    new Popup({ closeButton: true }).setLngLat((geometry as Point).coordinates as [number, number]).setDOMContent(content).addTo(map);
  });
}

/** How many problems at one place a popup names. */
const NAMED = 5;
