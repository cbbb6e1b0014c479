// A map that can be looked at more closely: by two large buttons, two fingers, or keys.
import { h } from "./dom";
import { t } from "./words";

export const WIDTH = 360, HEIGHT = 240;
/** What is in sight: how many times larger than all of it, and around which point of the whole map. */
export type Sight = { zoom: number; x: number; y: number };

const LARGEST = 16, STEP = 2;
/** A screen is made anew whenever something changes: what was in sight stays, as long as it is the same map. */
let kept: Sight & { of: string } = { of: "", zoom: 1, x: WIDTH / 2, y: HEIGHT / 2 };

/** Puts a map into a frame with its buttons, and draws what is in sight. */
export function zoomed(map: SVGElement, of: string, title: string, draw: (sight: Sight) => void): HTMLElement {
  const sight = kept.of === of ? kept : (kept = { of, zoom: 1, x: WIDTH / 2, y: HEIGHT / 2 });
  const larger = button("zoom-in", "＋", t("zoomIn"), () => zoomBy(STEP));
  const smaller = button("zoom-out", "－", t("zoomOut"), () => zoomBy(1 / STEP));
  const frame = h("div", { className: "map", role: "group", "aria-label": title, tabIndex: 0 }, map as unknown as HTMLElement, h("div", { className: "zoom" }, larger, smaller));

  const show = () => {
    // What cannot be reckoned with shows all of the map again.
    if (![sight.zoom, sight.x, sight.y].every(Number.isFinite)) Object.assign(sight, { zoom: 1, x: WIDTH / 2, y: HEIGHT / 2 });
    // Nothing beyond the edges comes into sight.
    const within = (at: number, size: number) => Math.min(size - size / 2 / sight.zoom, Math.max(size / 2 / sight.zoom, at));
    sight.x = within(sight.x, WIDTH);
    sight.y = within(sight.y, HEIGHT);
    larger.setAttribute("aria-disabled", String(sight.zoom >= LARGEST));
    smaller.setAttribute("aria-disabled", String(sight.zoom <= 1));
    draw(sight);
  };
  /** The point of the map at a place of the drawing stays there. */
  const zoomBy = (by: number, x = WIDTH / 2, y = HEIGHT / 2) => {
    const next = Math.min(LARGEST, Math.max(1, sight.zoom * by));
    sight.x += (x - WIDTH / 2) * (1 / sight.zoom - 1 / next);
    sight.y += (y - HEIGHT / 2) * (1 / sight.zoom - 1 / next);
    sight.zoom = next;
    show();
  };
  const move = (x: number, y: number) => {
    sight.x -= x / sight.zoom;
    sight.y -= y / sight.zoom;
    show();
  };

  frame.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    if (event.key === "+" || event.key === "=") zoomBy(STEP);
    else if (event.key === "-") zoomBy(1 / STEP);
    else if (event.key === "0") zoomBy(1 / sight.zoom);
    else if (way && sight.zoom > 1) move(way[0]!, way[1]!);
    else return;
    event.preventDefault();
  });

  // Two fingers zoom; one moves what is larger than the frame, and otherwise the page.
  let before: { x: number; y: number; apart: number } | undefined;
  const fingers = (touches: TouchList) => {
    const area = map.getBoundingClientRect();
    // The map has been drawn anew meanwhile: these fingers are on it no more.
    if (!touches.length || !area.width || !area.height) return undefined;
    const [one, other = one] = [...touches].map(({ clientX, clientY }) => [((clientX - area.left) / area.width) * WIDTH, ((clientY - area.top) / area.height) * HEIGHT] as const);
    return { x: (one![0] + other![0]) / 2, y: (one![1] + other![1]) / 2, apart: Math.hypot(one![0] - other![0], one![1] - other![1]) };
  };
  const rest = (event: TouchEvent) => (before = fingers(event.touches));
  const follow = (event: TouchEvent) => {
    if (!before || (event.touches.length < 2 && sight.zoom === 1)) return;
    event.preventDefault();
    const [last, now] = [before, fingers(event.touches)];
    before = now;
    if (!now) return;
    move(now.x - last.x, now.y - last.y);
    if (last.apart > 0 && now.apart > 0) zoomBy(now.apart / last.apart, now.x, now.y);
  };
  map.addEventListener("touchstart", (event) => {
    rest(event);
    // What a finger tells goes to what it touched first, also when that is drawn anew and no longer part of the map.
    const touched = event.target as SVGElement;
    touched.addEventListener("touchmove", follow, { passive: false });
    for (const end of ["touchend", "touchcancel"] as const) touched.addEventListener(end, rest, { passive: true });
  }, { passive: true });
  map.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const area = map.getBoundingClientRect();
    zoomBy(event.deltaY < 0 ? 1.2 : 1 / 1.2, ((event.clientX - area.left) / area.width) * WIDTH, ((event.clientY - area.top) / area.height) * HEIGHT);
  }, { passive: false });

  show();
  return frame;
}

const button = (id: string, text: string, label: string, onclick: () => void) => h("button", { id, type: "button", "aria-label": label, onclick }, text);
