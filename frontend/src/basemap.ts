import "maplibre-gl/dist/maplibre-gl.css";
import { AttributionControl, LngLatBounds, Map, NavigationControl, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import type { StyleSpecification } from "maplibre-gl";
import type { Feature, Position } from "geojson";
import { token } from "./data";

setWorkerUrl(new URL(workerUrl, import.meta.url).href);

/** What the ground of a map needs to know. */
export interface Ground {
  title: string;
  credit: string;
  tiles?: string;
  review?: string;
  words: { zoomIn: string; zoomOut: string; wheelHelp: string; touchHelp: string };
}

/** A map that scrolls with its page: one finger and the plain wheel move the page, two fingers and Ctrl the map. */
export function mapOn(canvas: HTMLElement, ground: Ground, style: StyleSpecification, bounds: LngLatBounds): Map {
  const { words } = ground;
  const map = new Map({
    container: canvas,
    style,
    bounds,
    fitBoundsOptions: { padding: canvas.clientWidth < 520 ? 16 : 32, maxZoom: 17 },
    attributionControl: false,
    cooperativeGestures: true,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    locale: {
      "Map.Title": ground.title,
      "NavigationControl.ZoomIn": words.zoomIn,
      "NavigationControl.ZoomOut": words.zoomOut,
      "CooperativeGesturesHandler.WindowsHelpText": words.wheelHelp,
      "CooperativeGesturesHandler.MacHelpText": words.wheelHelp.replace("Ctrl", "⌘"),
      "CooperativeGesturesHandler.MobileHelpText": words.touchHelp,
    },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  const credits = [ground.credit, ground.review].filter((text) => text !== undefined);
  map.addControl(new AttributionControl({ compact: false, customAttribution: credits.map(plain) }));
  map.on("error", ({ error }) => console.error(error));
  return map;
}

/** MapLibre writes credits as HTML; ours are text. */
const plain = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** A style with nothing but the ground, and tiles if the host has a source of them. */
export function emptyStyle(ground: Ground): StyleSpecification {
  const style: StyleSpecification = {
    version: 8,
    sources: {},
    layers: [{ id: "ground", type: "background", paint: { "background-color": token("map-ground") } }],
  };
  if (ground.tiles) {
    style.sources.tiles = { type: "raster", tiles: [ground.tiles], tileSize: 256, maxzoom: 18 };
    style.layers.push({ id: "tiles", type: "raster", source: "tiles" });
  }
  return style;
}

export function boundsOf(features: Feature[]): LngLatBounds {
  const bounds = new LngLatBounds();
  const walk = (c: Position | Position[] | Position[][] | Position[][][]): void => {
    if (typeof c[0] === "number") bounds.extend(c as [number, number]);
    else for (const part of c as Position[][][]) walk(part);
  };
  for (const { geometry } of features) if (geometry && "coordinates" in geometry) walk(geometry.coordinates);
  return bounds;
}
