/**
 * `<input data-confirm-word="冻结">`: its form's submit button waits until the word is typed.
 * The server asks for the same word again; this only spares the reader a round trip.
 */
export function typedConfirmation(input: HTMLInputElement) {
  const button = input.form?.querySelector<HTMLButtonElement>('button[type="submit"], button:not([type])');
  if (!button) return;
  const weigh = () => (button.disabled = input.value.trim() !== input.dataset.confirmWord);
  input.addEventListener("input", weigh);
  weigh();
}
