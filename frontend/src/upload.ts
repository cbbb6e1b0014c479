/**
 * `<form data-upload>`: names the files that were chosen, takes those that are dropped on a `.drop` label, and shows by its
 * `<progress hidden>` how far they have been sent; the label of that one stands on the button meanwhile. Without this script the
 * browser sends the form by itself. `mount` brings to life what the answer shows.
 */
export function uploadProgress(form: HTMLFormElement, mount: (part: ParentNode) => void) {
  const inputs = [...form.querySelectorAll<HTMLInputElement>('input[type="file"]')];
  for (const input of inputs) takeDropped(input);
  const bar = form.querySelector("progress");
  form.addEventListener("submit", (event) => {
    if (!bar || event.defaultPrevented || !inputs.some((input) => input.files?.length)) return;
    event.preventDefault();
    send(form, event.submitter as HTMLButtonElement | null, bar, mount);
  });
}

function takeDropped(input: HTMLInputElement) {
  const drop = input.closest<HTMLElement>(".drop");
  const chosen = drop?.querySelector<HTMLElement>("[data-chosen]");
  if (!drop) return;
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
}

function send(form: HTMLFormElement, button: HTMLButtonElement | null, bar: HTMLProgressElement, mount: (part: ParentNode) => void) {
  const to = new URL(form.getAttribute("action") ?? "", location.href).href;
  const said = new FormData(form);
  if (button?.name) said.append(button.name, button.value);
  const [buttons, words] = [[...form.querySelectorAll("button")].filter((one) => !one.disabled), button?.textContent];
  const busy = (yes: boolean) => {
    for (const one of buttons) one.disabled = yes;
    if (button) button.textContent = (yes ? bar.getAttribute("aria-label") : words) ?? "";
    bar.hidden = !yes;
  };

  const request = new XMLHttpRequest();
  request.open("POST", to);
  request.setRequestHeader("Accept", "text/html");
  request.upload.addEventListener("progress", ({ lengthComputable, loaded, total }) => {
    if (lengthComputable) bar.value = loaded / total;
  });
  // All is sent, and the server looks at it.
  request.upload.addEventListener("load", () => bar.removeAttribute("value"));
  request.addEventListener("load", () => {
    busy(false);
    if (request.responseURL === to) answered(form, request, mount);
    else location.assign(request.responseURL);
  });
  request.addEventListener("error", () => {
    busy(false);
    // The browser tries by itself, and says what is the matter.
    if (button?.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
    HTMLFormElement.prototype.submit.call(form);
  });
  busy(true);
  request.send(said);
}

/** What was refused is said above the form, which stays as it is, its files included; any other answer takes the place of the page. */
function answered(form: HTMLFormElement, { status, responseText }: XMLHttpRequest, mount: (part: ParentNode) => void) {
  const page = new DOMParser().parseFromString(responseText, "text/html");
  const fault = page.querySelector("[data-refused]") ?? (status >= 400 && !page.querySelector("form[data-upload]") ? page.querySelector("main .notice.error") : null);
  if (!fault) {
    document.title = page.title;
    document.body.replaceWith(page.body);
    mount(document);
    scrollTo(0, 0);
    return;
  }
  const before = form.previousElementSibling;
  if (before?.matches("[data-fault]")) before.remove();
  const notice = document.createElement("p");
  notice.className = "notice error";
  notice.dataset.fault = "";
  notice.setAttribute("role", "alert");
  notice.textContent = fault.textContent?.trim() ?? "";
  form.before(notice);
  notice.scrollIntoView({ block: "center" });
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
