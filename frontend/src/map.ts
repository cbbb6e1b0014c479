import "maplibre-gl/dist/maplibre-gl.css";
import { AttributionControl, LngLatBounds, Map, Marker, NavigationControl, Popup, setWorkerUrl } from "maplibre-gl";
import type { GeoJSONSource, StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import type { Feature, FeatureCollection, Point, Position } from "geojson";
import { canvasOf, dataOf, fetchJson, onTheme, token } from "./data";
import { element, legend, tiles } from "./legend";
import { scaleOver, type Scale } from "./scale";

setWorkerUrl(new URL(workerUrl, import.meta.url).href);

/** What the server says about one map. Every text is already in the reader's language. */
export interface MapData {
  /** Named for screen readers; the table beside the map is the full equivalent. */
  title: string;
  places: Place[];
  /** GeoJSON in WGS 84; a feature belongs to the place whose `code` equals its property `code`. */
  boundaries?: string;
  /** Points with the properties `title`, `detail`, `href`; drawn in clusters. */
  points?: string;
  /** A raster tile source that the host has configured, and what its terms ask to be shown. */
  tiles?: { url: string; attribution: string; maxzoom?: number };
  /** The map-review number （审图号）, if the host has one. */
  review?: string;
  /** Who made the boundaries. */
  credit: string;
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
}

interface Drawing {
  data: MapData;
  areas: FeatureCollection;
  points?: FeatureCollection<Point>;
  scale?: Scale;
}

export async function mount(figure: HTMLElement) {
  const data = await dataOf<MapData>(figure);
  const [areas, points] = await Promise.all([
    data.boundaries ? fetchJson<FeatureCollection>(data.boundaries) : { type: "FeatureCollection" as const, features: [] },
    data.points ? fetchJson<FeatureCollection<Point>>(data.points) : undefined,
  ]);
  const values = data.places.flatMap((place) => (place.value === null ? [] : [Number(place.value)]));
  const drawing: Drawing = { data, areas, points, scale: values.length ? scaleOver(values) : undefined };

  const canvas = canvasOf(figure);
  let map = draw(canvas, drawing);
  onTheme(() => {
    map.remove();
    map = draw(canvas, drawing);
  });

  const drawn = new Set(areas.features.map((feature) => feature.properties?.code));
  if (drawing.scale) canvas.after(legend(drawing.scale, data.words));
  const without = data.places.filter((place) => !place.code || !drawn.has(place.code));
  if (without.length) figure.append(tiles(without, drawing.scale, data.words));
}

function draw(canvas: HTMLElement, drawing: Drawing): Map {
  const { data, areas, points } = drawing;
  const map = new Map({
    container: canvas,
    style: styleOf(drawing),
    bounds: boundsOf([...areas.features, ...(points?.features ?? [])]),
    fitBoundsOptions: { padding: canvas.clientWidth < 520 ? 12 : 28 },
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
  const credits = [data.tiles?.attribution, data.credit, data.review].filter((text) => text !== undefined);
  map.addControl(new AttributionControl({ compact: false, customAttribution: credits.map(plain) }));
  map.on("error", ({ error }) => console.error(error));
  for (const [place, at] of labelled(drawing)) label(place, at).addTo(map);
  if (points) answerClicks(map, data.words);
  return map;
}

/** MapLibre writes credits as HTML; ours are text. */
const plain = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

function styleOf({ data, areas, points, scale }: Drawing): StyleSpecification {
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
  style.sources.points = { type: "geojson", data: points, cluster: true, clusterRadius: 44, clusterMaxZoom: 15 };
  const [dot, paper] = [token("map-point"), token("surface")];
  const ring = { "circle-stroke-color": paper, "circle-stroke-width": 1.5 };
  style.layers.push(
    {
      id: "clusters", type: "circle", source: "points", filter: ["has", "point_count"],
      paint: { ...ring, "circle-color": dot, "circle-radius": ["interpolate", ["linear"], ["sqrt", ["get", "point_count"]], 1.4, 11, 15, 26] },
    },
    {
      id: "counts", type: "symbol", source: "points", filter: ["has", "point_count"],
      layout: { "text-field": ["to-string", ["get", "point_count"]], "text-font": ["sans-serif"], "text-size": 13, "text-allow-overlap": true },
      paint: { "text-color": paper },
    },
    { id: "points", type: "circle", source: "points", filter: ["!", ["has", "point_count"]], paint: { ...ring, "circle-color": dot, "circle-radius": 6 } },
  );
  return style;
}

function boundsOf(features: Feature[]): LngLatBounds {
  const bounds = new LngLatBounds();
  const walk = (c: Position | Position[] | Position[][] | Position[][][]): void => {
    if (typeof c[0] === "number") bounds.extend(c as [number, number]);
    else for (const part of c as Position[][][]) walk(part);
  };
  for (const { geometry } of features) if ("coordinates" in geometry) walk(geometry.coordinates);
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
  for (const layer of ["clusters", "points"]) {
    map.on("mouseenter", layer, pointer("pointer"));
    map.on("mouseleave", layer, pointer(""));
  }
  map.on("click", "clusters", async ({ features }) => {
    const cluster = features![0]!;
    const source = map.getSource<GeoJSONSource>("points")!;
    const zoom = await source.getClusterExpansionZoom(cluster.properties.cluster_id as number);
    map.easeTo({ center: (cluster.geometry as Point).coordinates as [number, number], zoom });
  });
  map.on("click", "points", ({ features }) => {
    const { geometry, properties } = features![0]!;
    const link = element("a", "", [words.open]);
    link.href = String(properties.href);
    const content = element("div", "map-popup", [
      element("strong", "", [String(properties.title)]),
      element("p", "", [String(properties.detail)]),
      link,
    ]);
    new Popup({ closeButton: true }).setLngLat((geometry as Point).coordinates as [number, number]).setDOMContent(content).addTo(map);
  });
}
