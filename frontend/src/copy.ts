/** `<button data-copy="ID" data-done="已复制" hidden>`: copies the text of the element with that id. */
export function copyDigest(button: HTMLButtonElement) {
  // Browsers give the clipboard to secure pages only; elsewhere the text can still be selected.
  if (!navigator.clipboard) return;
  button.hidden = false;
  const label = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy!)?.textContent?.trim() ?? "");
    button.textContent = button.dataset.done ?? label;
    setTimeout(() => (button.textContent = label), 2000);
  });
}
