/** `<details data-fold open>`: on a phone it is shut, so that the list comes first. Filters that are set stay in sight. Its summary is there wherever it is shut. */
export function fold(box: HTMLDetailsElement) {
  const controls = [...box.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input:not([type=hidden]), select")];
  if (matchMedia("(max-width: 46rem)").matches && controls.every((control) => !control.value)) box.open = false;
}
