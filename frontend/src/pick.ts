import { LngLat, LngLatBounds, Marker } from "maplibre-gl";
import type { Map } from "maplibre-gl";
import type { FeatureCollection } from "geojson";
import { boundsOf, emptyStyle, mapOn, type Ground } from "./basemap";
import { canvasOf, dataOf, fetchJson, onTheme, token } from "./data";

/** A map on which a place is picked. It stands in the group of fields that the place is written to; see `position.ts`. */
export interface PickData extends Ground {
  /** GeoJSON of the counties. */
  outlines: string;
}

const none: FeatureCollection = { type: "FeatureCollection", features: [] };

export async function mount(figure: HTMLElement) {
  const data = await dataOf<PickData>(figure);
  const outlines = await fetchJson<FeatureCollection>(data.outlines).catch(() => none);
  const group = figure.closest<HTMLElement>("[data-position]")!;
  const field = (name: string) => group.querySelector<HTMLInputElement>(`input[name=${name}]`)!;
  const [lng, lat] = [field("lng"), field("lat")];
  const picked = () => (lng.value && lat.value ? new LngLat(Number(lng.value), Number(lat.value)) : undefined);
  // Without tiles there are only outlines to go by: they stay in sight.
  const metres = data.tiles ? 400 : 40_000;
  const whole = boundsOf(outlines.features);
  if (whole.isEmpty() && !picked()) {
    // Nothing is known to draw; the place is written in words.
    figure.hidden = true;
    return;
  }
  const canvas = canvasOf(figure);
  let map: Map | undefined;
  let marker: Marker | undefined;
  const show = () => {
    const at = picked();
    marker?.remove();
    if (at) marker = new Marker({ color: token("error") }).setLngLat(at).addTo(map!);
  };
  const draw = () => {
    map?.remove();
    const style = emptyStyle(data);
    style.sources.outlines = { type: "geojson", data: outlines };
    style.layers.push({ id: "outlines", type: "line", source: "outlines", paint: { "line-color": token("map-border"), "line-width": 1.2 } });
    const at = picked();
    map = mapOn(canvas, data, style, at ? LngLatBounds.fromLngLat(at, metres) : whole);
    map.getCanvas().style.cursor = "crosshair";
    map.on("click", ({ lngLat }) => {
      lng.value = lngLat.lng.toFixed(7);
      lat.value = lngLat.lat.toFixed(7);
      group.querySelector("[role=status]")!.textContent = group.dataset.picked ?? "";
      show();
    });
    show();
  };
  draw();
  group.addEventListener("position", () => {
    show();
    map!.fitBounds(LngLatBounds.fromLngLat(picked()!, metres), { maxZoom: 16, animate: false });
  });
  onTheme(draw);
}
