/**
 * `<form data-upload>` with a `.drop` label around its file input, and a `<progress hidden>`:
 * names the chosen files, takes dropped ones, and shows how far htmx has sent them.
 */
export function uploadProgress(form: HTMLFormElement) {
  const input = form.querySelector<HTMLInputElement>('input[type="file"]');
  const drop = input?.closest<HTMLElement>(".drop");
  const chosen = drop?.querySelector<HTMLElement>("[data-chosen]");
  const bar = form.querySelector("progress");
  if (!input || !drop) return;

  input.addEventListener("change", () => {
    if (chosen) chosen.textContent = [...(input.files ?? [])].map((f) => `${f.name} (${size(f.size)})`).join(" · ");
  });
  for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, (e) => {
    e.preventDefault();
    drop.classList.add("over");
  });
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (e) => {
    e.preventDefault();
    if (!e.dataTransfer?.files.length) return;
    input.files = e.dataTransfer.files;
    input.dispatchEvent(new Event("change"));
  });
  form.addEventListener("htmx:xhr:progress", (e) => {
    const { lengthComputable, loaded, total } = (e as CustomEvent<ProgressEvent>).detail;
    if (!bar || !lengthComputable) return;
    bar.hidden = false;
    bar.value = loaded / total;
  });
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
