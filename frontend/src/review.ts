/** The keyboard of the review: j and k go through the list, a accepts, r asks for a reason, d looks for duplicates. */
export function reviewKeys(list: HTMLElement) {
  const items = [...list.querySelectorAll<HTMLElement>("[data-review-item]")];
  let at = -1;
  const show = (next: number) => {
    at = Math.max(0, Math.min(items.length - 1, next));
    items[at]?.focus({ preventScroll: true });
    items[at]?.scrollIntoView({ block: "nearest" });
  };
  items.forEach((item, index) => item.addEventListener("focusin", () => (at = index)));
  const of = <E extends HTMLElement>(selector: string) => items[at]?.querySelector<E>(selector);
  const acts: Record<string, () => void> = {
    j: () => show(at + 1),
    k: () => show(at - 1),
    Enter: () => document.activeElement === items[at] && of<HTMLAnchorElement>("[data-review-open]")?.click(),
    a: () => of<HTMLButtonElement>("[data-review-accept]")?.click(),
    d: () => of<HTMLAnchorElement>("[data-review-duplicate]")?.click(),
    r: () => {
      const details = of<HTMLDetailsElement>("[data-review-reject]");
      if (!details) return;
      details.open = true;
      details.querySelector<HTMLInputElement>("input:not([type=hidden])")?.focus();
    },
  };
  addEventListener("keydown", (event) => {
    const writing = (event.target as HTMLElement).closest("input, select, textarea");
    if (writing || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = acts[event.key];
    if (!act) return;
    if (event.key !== "Enter") event.preventDefault();
    act();
  });
  // After a decision the page comes anew: go on where the next one stands.
  if (items.length) show(0);
}
