/** Reads what an island shows: from the URL in `data-src`, or from the JSON script inside the figure. */
export async function dataOf<T>(figure: HTMLElement): Promise<T> {
  if (figure.dataset.src) return fetchJson<T>(figure.dataset.src);
  const script = figure.querySelector('script[type="application/json"]');
  if (!script?.textContent) throw new Error("An island needs data-src or a JSON script inside it.");
  return JSON.parse(script.textContent) as T;
}

export async function fetchJson<T>(url: string): Promise<T> {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return (await answer.json()) as T;
}

/** The element in which the picture is drawn, after the caption's place in the figure. */
export function canvasOf(figure: HTMLElement): HTMLElement {
  const canvas = document.createElement("div");
  canvas.className = "island-canvas";
  figure.prepend(canvas);
  return canvas;
}

/** A colour or font that the style sheet gives, for the parts that CSS cannot reach. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Calls again when the reader's system goes from light to dark or back. */
export function onTheme(redraw: () => void) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
}

export const calmMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
