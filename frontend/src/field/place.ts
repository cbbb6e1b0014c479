// Where the phone says it is. It may be wrong; how good it believes to be goes along.
import type { Fix } from "./store";

export type Fault = "denied" | "unavailable" | "timeout";
let last: Fix | undefined;
let fault: Fault | undefined;
let watching: number | undefined;
const listeners = new Set<(fix: Fix) => void>();

const fixOf = ({ coords, timestamp }: GeolocationPosition): Fix => ({
  lng: Math.round(coords.longitude * 1e7), lat: Math.round(coords.latitude * 1e7), accuracy_m: Math.round(coords.accuracy), at: Math.round(timestamp),
});

export function watch() {
  if (watching !== undefined || !navigator.geolocation) {
    if (!navigator.geolocation) fault = "unavailable";
    return;
  }
  watching = navigator.geolocation.watchPosition(
    (position) => {
      last = fixOf(position);
      fault = undefined;
      listeners.forEach((hear) => hear(last!));
    },
    (error) => {
      fault = error.code === 1 ? "denied" : error.code === 3 ? "timeout" : "unavailable";
      // Once refused, a watch stays silent: a later one asks again.
      if (error.code === 1) unwatch();
    },
    { enableHighAccuracy: true, maximumAge: 10_000, timeout: 60_000 },
  );
}

export function unwatch() {
  if (watching !== undefined) navigator.geolocation.clearWatch(watching);
  watching = undefined;
}

export const onFix = (hear: (fix: Fix) => void) => {
  listeners.add(hear);
  return () => listeners.delete(hear);
};

/** The last position, if it is not older than five minutes. */
export const here = (): Fix | undefined => (last && Date.now() - last.at < 300_000 ? last : undefined);
export const whyNot = () => fault;

/** What an item says about its place. */
export const placeNow = () => {
  const fix = here();
  return fix ? { position: { ...fix } } : { position: null, position_fault: fault ?? "none yet" };
};

/** What an item says about its place that is saved on a later day: where its photo was taken. */
export const placeThen = (fix?: Fix) => (fix ? { position: fix } : { position: null, position_fault: "later" });

/** Metres between two positions. */
export function metres(a: { lng: number; lat: number }, b: { lng: number; lat: number }) {
  const middle = ((a.lat + b.lat) / 2e7) * (Math.PI / 180);
  return Math.hypot(((a.lng - b.lng) / 1e7) * Math.cos(middle), (a.lat - b.lat) / 1e7) * 111_195;
}
