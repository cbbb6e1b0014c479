// Where the phone says it is. It may be wrong; how good it believes to be goes along.
import type { Fix } from "./store";

export type Fault = "denied" | "unavailable" | "timeout";
/** The last position, and when it was heard. */
let last: { fix: Fix; heard: number } | undefined;
let fault: Fault | undefined;
let watching: number | undefined;
/** How the position is asked for. A phone that knows it exactly needs more of its battery. */
export type Way = "exactly" | "roughly" | undefined;
let way: Way;
const listeners = new Set<(fix?: Fix) => void>();

/** How long this page has slept while it was hidden, and by how much the phone's clock was before the page's when it was. */
let slept = 0;
let hidden: number | undefined;
/**
 * Milliseconds that go on evenly, whatever clocks are set: how old a position is, is told by this one alone. That of the page stands still
 * while the phone sleeps, which it does with the page hidden.
 */
const steady = () => performance.now() + slept;
const apart = () => Date.now() - performance.now();

const fixOf = ({ coords, timestamp }: GeolocationPosition): Fix => ({
  lng: Math.round(coords.longitude * 1e7), lat: Math.round(coords.latitude * 1e7), accuracy_m: Math.round(coords.accuracy), at: Math.round(timestamp),
});

/** Asks for the position in another way, or no more. */
export function locate(next: Way) {
  if (next === way) return;
  way = next;
  forget();
  if (!next) {
    hidden ??= apart();
    return;
  }
  if (hidden !== undefined) slept += Math.max(0, apart() - hidden);
  hidden = undefined;
  if (!navigator.geolocation) {
    fault = "unavailable";
    return;
  }
  watching = navigator.geolocation.watchPosition(
    (position) => {
      const fix = fixOf(position);
      last = { fix, heard: steady() };
      fault = undefined;
      listeners.forEach((hear) => hear(fix));
    },
    (error) => {
      fault = error.code === 1 ? "denied" : error.code === 3 ? "timeout" : "unavailable";
      // Once refused, a watch stays silent: the next one asks again.
      if (error.code === 1) forget();
      listeners.forEach((hear) => hear());
    },
    { enableHighAccuracy: next === "exactly", maximumAge: 10_000, timeout: 60_000 },
  );
}

function forget() {
  if (watching !== undefined) navigator.geolocation.clearWatch(watching);
  watching = undefined;
}

/** Whoever listens hears of each position, and of none when one is not to be had. */
export const onFix = (hear: (fix?: Fix) => void) => {
  listeners.add(hear);
  return () => listeners.delete(hear);
};

/** The last position, if it was heard within five minutes. What it says of its own time is another clock's. */
export const here = (): Fix | undefined => (last && steady() - last.heard < 300_000 ? last.fix : undefined);
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
