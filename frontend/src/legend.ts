import type { MapData, Place, Words } from "./map";
import type { Marks } from "./marks";
import type { Scale } from "./scale";

export function element<T extends keyof HTMLElementTagNameMap>(tag: T, className: string, children: (Node | string)[]): HTMLElementTagNameMap[T] {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** The style sheet's policy forbids style attributes in markup; setting the property is allowed. */
function swatch(colour: string | undefined): HTMLElement {
  const made = element("i", colour ? "swatch" : "swatch none", []);
  if (colour) made.style.backgroundColor = colour;
  return made;
}

/** Classes from high to low, each with its limits in words. */
export function legend(scale: Scale, words: Words): HTMLElement {
  const rows = scale.limits.map((low, i) =>
    element("li", "", [swatch(scale.colours[i]), `${low} – ${scale.limits[i + 1] ?? scale.top}`]));
  return element("div", "map-legend", [element("strong", "", [words.legend]), element("ol", "", rows.reverse())]);
}

/** Places that no polygon shows: a unit's evaluated area need not be an administrative one. */
export function tiles(places: Place[], scale: Scale | undefined, words: Words): HTMLElement {
  const items = places.map((place) => {
    const colour = place.value !== null ? scale?.colourOf(Number(place.value)) : undefined;
    const link = element("a", "", [
      swatch(colour),
      element("strong", "", [place.name]),
      element("span", "num", [place.value ?? words.noValue]),
      element("span", "", [place.note ?? ""]),
    ]);
    link.href = place.href;
    return element("li", "", [link]);
  });
  return element("div", "map-tiles", [element("strong", "", [words.noPolygon]), element("ul", "", items)]);
}

/** What the marks of points mean, in words; each category leads to its own list. */
export function shapes(marks: Marks, used: Set<number>, data: MapData): HTMLElement {
  const mark = (index: number) => {
    const canvas = marks.canvas(index);
    canvas.className = "map-mark";
    canvas.setAttribute("aria-hidden", "true");
    return canvas;
  };
  const rows = marks.categories.flatMap((category, index) => {
    if (!used.has(index)) return [];
    const link = element("a", "", [category.title]);
    link.href = category.href;
    return [element("li", "", [mark(index), link])];
  });
  if (used.has(marks.categories.length)) rows.push(element("li", "", [mark(marks.categories.length), data.words.other ?? ""]));
  return element("div", "map-shapes", [element("strong", "", [data.words.categories ?? ""]), element("ul", "", rows)]);
}
