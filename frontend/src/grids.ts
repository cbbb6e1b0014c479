import { LngLatBounds, Popup } from "maplibre-gl";
import type { Map } from "maplibre-gl";
import type { Feature, FeatureCollection } from "geojson";
import { boundsOf, emptyStyle, mapOn, type Ground } from "./basemap";
import { canvasOf, dataOf, fetchJson, onTheme, token } from "./data";
import { edit, type EditWords } from "./grid-editor";
import { element } from "./legend";

/** What the server says about one map of grids. Every text is already in the reader's language. */
export interface GridData extends Ground {
  /** Grids inside the page, or where to fetch them: `title`, `detail`, `href`, `kind`, `synthetic`. */
  features?: FeatureCollection | null;
  url?: string | null;
  /** Where grids overlap or leave a gap. */
  misfits?: FeatureCollection;
  /** GeoJSON of the counties: the ground where there is nothing else to see. */
  outlines: string;
  /** Id of the text field whose drawing is edited here. */
  edit?: string;
  /** The grid that is edited is not drawn beside itself. */
  without?: string;
  words: Ground["words"] & EditWords & { open: string };
}

const none: FeatureCollection = { type: "FeatureCollection", features: [] };

export async function mount(figure: HTMLElement) {
  const data = await dataOf<GridData>(figure);
  const [fetched, outlines] = await Promise.all([
    data.features ?? (data.url ? fetchJson<FeatureCollection>(data.url) : none),
    fetchJson<FeatureCollection>(data.outlines).catch(() => none),
  ]);
  const grids = { ...fetched, features: fetched.features.filter((grid) => grid.properties?.id !== data.without) };
  const canvas = canvasOf(figure);
  if (data.edit) {
    const field = document.getElementById(data.edit) as HTMLTextAreaElement;
    const own = drawn(field.value);
    const bounds = boundsOf(own.length ? own : grids.features);
    const map = draw(canvas, data, grids, outlines, bounds);
    edit(map, figure, field, data.words);
    return;
  }
  let map = draw(canvas, data, grids, outlines, boundsOf(grids.features));
  answerClicks(map, data.words.open);
  onTheme(() => {
    map.remove();
    map = draw(canvas, data, grids, outlines, boundsOf(grids.features));
    answerClicks(map, data.words.open);
  });
}

/** What the field holds, as features to look at; nothing if it cannot be read. */
function drawn(text: string): Feature[] {
  try {
    return [{ type: "Feature", properties: {}, geometry: JSON.parse(text) }];
  } catch {
    return [];
  }
}

function draw(canvas: HTMLElement, data: GridData, grids: FeatureCollection, outlines: FeatureCollection, bounds: LngLatBounds): Map {
  const style = emptyStyle(data);
  style.sources.outlines = { type: "geojson", data: outlines };
  style.sources.grids = { type: "geojson", data: grids };
  style.sources.misfits = { type: "geojson", data: data.misfits ?? none };
  const [border, accent, error, point] = [token("map-border"), token("accent"), token("error"), token("map-point")];
  const kind = (...kinds: string[]) => ["in", ["get", "kind"], ["literal", kinds]] as const;
  style.layers.push(
    { id: "outlines", type: "line", source: "outlines", paint: { "line-color": border, "line-width": 1, "line-opacity": 0.5 } },
    { id: "fill", type: "fill", source: "grids", filter: kind("area") as never, paint: { "fill-color": accent, "fill-opacity": data.edit ? 0.07 : 0.16 } },
    // Cells of the survey are nobody's responsibility: a thin line, so that they are not taken for grids.
    { id: "cell-fill", type: "fill", source: "grids", filter: kind("cell") as never, paint: { "fill-color": border, "fill-opacity": 0.04 } },
    { id: "cells", type: "line", source: "grids", filter: kind("cell") as never, paint: { "line-color": border, "line-width": 1, "line-dasharray": [1, 2] } },
    { id: "border", type: "line", source: "grids", filter: ["all", ["!=", ["get", "synthetic"], true], kind("area")] as never, paint: { "line-color": accent, "line-width": 1.4 } },
    { id: "synthetic", type: "line", source: "grids", filter: ["all", ["==", ["get", "synthetic"], true], kind("area")] as never, paint: { "line-color": accent, "line-width": 1.4, "line-dasharray": [3, 2] } },
    { id: "streets", type: "line", source: "grids", filter: kind("street") as never, layout: { "line-cap": "round" }, paint: { "line-color": point, "line-width": 3 } },
    { id: "misfit-fill", type: "fill", source: "misfits", paint: { "fill-color": error, "fill-opacity": 0.55 } },
    { id: "misfit-border", type: "line", source: "misfits", paint: { "line-color": error, "line-width": 2.5 } },
  );
  return mapOn(canvas, data, style, bounds.isEmpty() ? boundsOf(outlines.features) : bounds);
}

function answerClicks(map: Map, open: string) {
  const layers = ["misfit-fill", "streets", "fill", "cell-fill"];
  map.on("mousemove", (event) => {
    map.getCanvas().style.cursor = map.queryRenderedFeatures(event.point, { layers }).length ? "pointer" : "";
  });
  map.on("click", (event) => {
    const around: [[number, number], [number, number]] = [[event.point.x - 4, event.point.y - 4], [event.point.x + 4, event.point.y + 4]];
    const found = map.queryRenderedFeatures(around, { layers });
    if (!found.length) return;
    const seen = new Set<string>();
    const parts = found.flatMap(({ properties }) => {
      const title = String(properties.title);
      if (seen.has(title)) return [];
      seen.add(title);
      const link = element("a", "", [open]);
      link.href = String(properties.href);
      return [element("strong", "", [title]), element("p", "", [String(properties.detail)]), ...(properties.href ? [link] : [])];
    });
    new Popup({ closeButton: true }).setLngLat(event.lngLat).setDOMContent(element("div", "map-popup", parts)).addTo(map);
  });
}

