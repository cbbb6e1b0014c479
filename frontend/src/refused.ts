// A form that was refused leads back to where it was filled in: what was written is still there, with what is wrong beside it.
// It is kept by this tab alone, and only until the next page. Without scripts the page of the refusal names the way back.

/** A form as it was sent: the page that it stood on, which one it was, and what was written. */
type Sent = { page: string; form: Which; fields: [string, string][]; fault?: string };
/** Where a form goes, what the page itself says in it, and its place among those that are alike. */
type Which = { action: string; about: string; number: number };

const KEPT = "yuekao-form";

const here = () => location.pathname + location.search;

function kept(): Sent | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "") as Sent;
  } catch {
    return undefined;
  }
}

function keep(sent: Sent | undefined) {
  try {
    if (sent) sessionStorage.setItem(KEPT, JSON.stringify(sent));
    else sessionStorage.removeItem(KEPT);
  } catch {
    // A tab that may keep nothing: the form is filled in again by hand.
  }
}

/** What can be written: no photos, no passwords, nothing that the page itself says. */
const writable = (form: HTMLFormElement) => [...form.elements].filter((field): field is HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement =>
  (field instanceof HTMLInputElement && !/^(hidden|file|password|submit|button)$/.test(field.type)) || field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement);

const forms = () => [...document.querySelectorAll<HTMLFormElement>("form[method=post]")];

const about = (form: HTMLFormElement) =>
  [...form.querySelectorAll<HTMLInputElement>("input[type=hidden]:not([name=form_token])")].map(({ name, value }) => `${name}=${value}`).join("&");

function which(form: HTMLFormElement): Which {
  const action = form.getAttribute("action") ?? "";
  const alike = forms().filter((one) => one.getAttribute("action") === form.getAttribute("action") && about(one) === about(form));
  return { action, about: about(form), number: alike.indexOf(form) };
}

/** The same form on the page as it is now. What a page says in its only form of an action may be another thing by then. */
function found({ action, about: said, number }: Which): HTMLFormElement | undefined {
  const there = forms().filter((form) => (form.getAttribute("action") ?? "") === action);
  return there.length === 1 ? there[0] : there.filter((form) => about(form) === said)[number];
}

function remember(event: SubmitEvent) {
  const form = event.target as HTMLFormElement;
  if (form.method !== "post" || form.querySelector("input[type=password]")) return;
  const fields = writable(form).map((field): [string, string] => [field.name, field instanceof HTMLInputElement && /^(checkbox|radio)$/.test(field.type) ? `${field.value}:${field.checked}` : field.value]);
  keep({ page: here(), form: which(form), fields });
}

function fill(form: HTMLFormElement, { fields, fault }: Sent) {
  const fillable = writable(form);
  // The form is the same one: its fields stand in the same order.
  fields.forEach(([name, value], place) => {
    const field = fillable[place];
    if (field?.name !== name) return;
    if (field instanceof HTMLInputElement && /^(checkbox|radio)$/.test(field.type)) field.checked = value === `${field.value}:true`;
    else field.value = value;
  });
  for (let box = form.closest("details"); box; box = box.parentElement?.closest("details") ?? null) box.open = true;
  const notice = document.createElement("p");
  notice.className = "notice error";
  notice.setAttribute("role", "alert");
  notice.textContent = fault ?? "";
  form.before(notice);
  notice.scrollIntoView({ block: "center" });
}

/** Watches the forms of a page, and leads back from the page that refuses one. */
export function refusals() {
  const refused = document.querySelector<HTMLElement>("[data-refused]");
  const back = document.querySelector<HTMLAnchorElement>("a[data-back]");
  const sent = kept();
  if (back && document.referrer && new URL(document.referrer).origin === location.origin) {
    back.href = refused && sent ? sent.page : document.referrer;
    back.hidden = false;
  }
  if (refused && sent) keep({ ...sent, fault: refused.textContent?.trim() });
  else {
    keep(undefined);
    const form = sent?.fault && sent.page === here() ? found(sent.form) : undefined;
    if (form && sent) fill(form, sent);
  }
  document.addEventListener("submit", remember);
}
