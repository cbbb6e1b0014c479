// Elements without a library: text is always text, never markup.
import { notKept } from "./words";

type Child = Node | string | null | undefined | false;
type Props = Record<string, unknown>;

function fill(element: Element, props: Props, children: Child[]) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value as EventListener);
    else if (name in element && !(element instanceof SVGElement) && !name.includes("-") && name !== "list") (element as unknown as Props)[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false));
}

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  fill(element, props, children);
  return element;
}

export function svg(tag: string, props: Props = {}, ...children: Child[]): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  fill(element, props, children);
  return element;
}

/** Leaves a form that is done with: one does not come back to it, empty. */
export const leaveFor = (path: string) => location.replace(`#${path}`);

/** Writes what is entered while it is being entered; where that fails, the form says so until it does not. */
export function noting(fault: HTMLElement, write: () => Promise<unknown>): () => void {
  let said = "";
  const say = (text: string) => {
    if (text || fault.textContent === said) fault.textContent = text;
    said = text;
  };
  return () => void write().then(() => said && say(""), (why) => say(notKept(why)));
}

/** A question that has to be answered before anything is lost. */
export function sure(question: string, yes: string, no: string): Promise<boolean> {
  return new Promise((answer) => {
    const dialog = h("dialog", { className: "sure" },
      h("p", {}, question),
      h("div", { className: "row" },
        h("button", { onclick: () => dialog.close("no") }, no),
        h("button", { className: "primary", onclick: () => dialog.close("yes") }, yes)));
    dialog.addEventListener("close", () => {
      answer(dialog.returnValue === "yes");
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

let toastTimer: number | undefined;
export function toast(text: string) {
  document.querySelector(".toast")?.remove();
  clearTimeout(toastTimer);
  const box = h("div", { className: "toast", role: "status" }, text);
  document.body.append(box);
  toastTimer = setTimeout(() => box.remove(), 2500) as unknown as number;
}

export const bytes = (n: number) => (n < 1 << 20 ? `${Math.ceil(n / 1024)} KB` : n < 1 << 30 ? `${(n / (1 << 20)).toFixed(1)} MB` : `${(n / (1 << 30)).toFixed(1)} GB`);
