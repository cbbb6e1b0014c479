// The only script that a page names. It finds what the page holds and fetches just that.
import { compare } from "./compare";
import { copyDigest } from "./copy";
import { fold } from "./fold";
import { typedConfirmation } from "./confirm";
import { reviewKeys } from "./review";
import { takePosition } from "./position";
import { fillText, listKeys, pageKeys } from "./keys";
import { uploadProgress } from "./upload";
import { refusals } from "./refused";

/** The map and the chart are heavy: each is fetched when its figure comes near the screen. */
const islands: Record<string, () => Promise<{ mount(figure: HTMLElement): Promise<void> }>> = {
  map: () => import("./map"),
  chart: () => import("./chart"),
  grids: () => import("./grids"),
};

async function mount(figure: HTMLElement) {
  try {
    const island = await islands[figure.dataset.island!]!();
    await island.mount(figure);
    figure.dataset.state = "ready";
  } catch (fault) {
    // The table beside the figure says the same; only the picture is missing.
    console.error(fault);
    figure.dataset.state = "failed";
  }
}

const nearScreen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    nearScreen.unobserve(target);
    void mount(target as HTMLElement);
  }
}, { rootMargin: "300px" });

function enhance(part: ParentNode) {
  for (const figure of part.querySelectorAll<HTMLElement>("[data-island]:not([data-state])")) {
    figure.dataset.state = "waiting";
    nearScreen.observe(figure);
  }
  part.querySelectorAll<HTMLDetailsElement>("details[data-fold]").forEach(fold);
  part.querySelectorAll<HTMLButtonElement>("button[data-copy]").forEach(copyDigest);
  part.querySelectorAll<HTMLInputElement>("input[data-confirm-word]").forEach(typedConfirmation);
  part.querySelectorAll<HTMLElement>("[data-review]").forEach(reviewKeys);
  part.querySelectorAll<HTMLElement>("[data-position]").forEach(takePosition);
  part.querySelectorAll<HTMLFormElement>("form[data-upload]").forEach((form) => uploadProgress(form, enhance));
  part.querySelectorAll<HTMLElement>("[data-compare]").forEach(compare);
  part.querySelectorAll<HTMLTableElement>("table[data-keys]").forEach(listKeys);
  part.querySelectorAll<HTMLElement>("[data-page-keys]").forEach(pageKeys);
  part.querySelectorAll<HTMLAnchorElement>("a[data-fill]").forEach(fillText);
}

enhance(document);
refusals();

/** Pictures keep the size they were drawn in; on paper they are scaled down to the sheet. */
const SHEET = 660;
const scaleTo = (zoom: (canvas: HTMLElement) => number) => () => {
  for (const canvas of document.querySelectorAll<HTMLElement>(".island-canvas")) canvas.style.zoom = String(zoom(canvas));
};
addEventListener("beforeprint", scaleTo((canvas) => Math.min(1, SHEET / canvas.clientWidth)));
addEventListener("afterprint", scaleTo(() => 1));
