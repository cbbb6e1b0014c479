/**
 * `<table data-keys data-keys-help="…">`: j and k go down and up its rows, Enter opens the row's link, x selects the row,
 * / goes to the page's search field, ? shows and hides what the keys do. Whoever types into a field is left alone.
 */
export function listKeys(table: HTMLTableElement) {
  const rows = [...table.tBodies[0]?.rows ?? []];
  if (rows.length === 0) return;
  const links = rows.map((row) => row.querySelector<HTMLAnchorElement>("a[href]"));
  const here = () => rows.findIndex((row) => row.contains(document.activeElement));
  const go = (to: number) => links[Math.max(0, Math.min(rows.length - 1, to))]?.focus();

  const help = document.createElement("p");
  help.className = "notice keys";
  help.textContent = table.dataset.keysHelp ?? "";
  help.hidden = true;
  help.setAttribute("role", "status");
  (table.closest(".table-box") ?? table).before(help);

  const head = table.tHead?.querySelector<HTMLElement>("[data-choose-all]");
  if (head) chooseAll(head, rows);

  const keys: Record<string, () => void> = {
    j: () => go(here() + 1),
    k: () => go(here() < 0 ? 0 : here() - 1),
    x: () => rows[here()]?.querySelector<HTMLInputElement>('input[type="checkbox"]')?.click(),
    "/": () => document.querySelector<HTMLInputElement>('input[type="search"]')?.focus(),
    "?": () => (help.hidden = !help.hidden),
  };
  // A link that has the focus opens by Enter without any help.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target as HTMLElement;
    const typing = target.matches("textarea, select, [contenteditable], input:not([type='checkbox'], [type='radio'])");
    const act = keys[event.key];
    if (typing || !act) return;
    event.preventDefault();
    act();
  });
}

/** `<th data-choose-all="…">`: a box that selects every row of the page, and shows when all of them are. */
function chooseAll(head: HTMLElement, rows: HTMLTableRowElement[]) {
  const boxes = rows.flatMap((row) => row.querySelector<HTMLInputElement>('input[type="checkbox"]') ?? []);
  const all = document.createElement("input");
  all.type = "checkbox";
  all.title = head.dataset.chooseAll ?? "";
  all.setAttribute("aria-label", all.title);
  const show = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  };
  all.addEventListener("change", () => boxes.forEach((box) => (box.checked = all.checked)));
  boxes.forEach((box) => box.addEventListener("change", show));
  head.replaceChildren(all);
  show();
}

/**
 * `<div data-page-keys data-keys-help="…">`: on its page the key that an element names in `data-key` follows that link, or
 * opens that act and goes to its first field; ? shows and hides what the keys do.
 */
export function pageKeys(head: HTMLElement) {
  const help = document.createElement("p");
  help.className = "notice keys";
  help.textContent = head.dataset.keysHelp ?? "";
  help.hidden = true;
  help.setAttribute("role", "status");
  head.after(help);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target as HTMLElement;
    if (target.matches("textarea, select, [contenteditable], input:not([type='checkbox'], [type='radio'])")) return;
    if (event.key === "?") help.hidden = !help.hidden;
    const named = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(event.key)}"]`);
    if (!named) return;
    event.preventDefault();
    if (!(named instanceof HTMLDetailsElement)) return named.click();
    named.open = true;
    named.querySelector<HTMLElement>("select, textarea, input:not([type='hidden']), button")?.focus();
  });
}

/** `<a data-fill="id" data-text="…">`: puts the text into that field and goes there, instead of loading the page with it. */
export function fillText(link: HTMLAnchorElement) {
  link.addEventListener("click", (event) => {
    const field = document.getElementById(link.dataset.fill ?? "");
    if (!(field instanceof HTMLTextAreaElement)) return;
    event.preventDefault();
    // What somebody has written already stays.
    const before = field.value.trim();
    field.value = before ? `${before}\n${link.dataset.text}` : (link.dataset.text ?? "");
    field.focus();
  });
}
