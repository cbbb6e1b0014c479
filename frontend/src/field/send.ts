// Handing in: one tab at a time sends what is waiting, and what is answered is noted. Replays are harmless: the server knows items by
// their ids and photos by their digests.
import { dropDraft, withPreview } from "./photo";
import { all, changePhoto, changed, correctionOf, dayFor, db, isFull, keepDay, meta, outdated, phoneId, setMeta, waitingItems, waitingPhotos, type Clock, type Day, type Item, type Photo, type Session } from "./store";
import { t } from "./words";

export type Line = "unknown" | "online" | "offline" | "sign-in" | "fault" | "full" | "sending";
export const state: { line: Line; why: string; ahead_ms: number; next_try: number; session?: Session; version?: string } =
  { line: "unknown", why: "", ahead_ms: 0, next_try: 0 };

const PARCEL = 50;
/** Tasks of days before that are kept. */
const EARLIER = 60;
/** More than the server's clock is off when it is asked over a slow line. */
const A_MINUTE = 60_000;
/** How long tasks and pictures may take over a slow line. */
const LONG = 300_000;
/** Bytes in a millisecond over the slowest line. */
const SLOWEST = 16;
const FIRST_WAIT = 5_000, LONGEST_WAIT = 300_000;
let wait = FIRST_WAIT;
let timer: number | undefined;
let token = "";
/** Whether the phone had no room for a note while handing in. */
let full = false;

class SignIn extends Error {}
class Refused extends Error {}
class ServerFault extends Error {}
/** What is asked for is not there, or not any more. */
class Gone extends ServerFault {}
/** Nothing more is taken for a while. */
class Later extends ServerFault {}

const told = (line: Line, why = "") => {
  Object.assign(state, { line, why });
  changed();
};

const failed = (fault: unknown) => {
  if (fault instanceof SignIn) told("sign-in", fault.message);
  else if (fault instanceof Refused || fault instanceof ServerFault) told("fault", fault.message);
  else told(isFull(fault) ? "full" : "offline");
};

/** Writes what handing in can do without: a phone that is full hands in all the same, which makes room. Returns whether it is written. */
async function jot(writing: Promise<unknown>): Promise<boolean> {
  try {
    await writing;
    return true;
  } catch (fault) {
    if (!isFull(fault)) throw fault;
    full = true;
    return false;
  }
}

interface Ask<T> extends RequestInit {
  /** Milliseconds until the whole answer must be here. */
  patience?: number;
  /** What is read of the answer. */
  read?: (answer: Response) => Promise<T>;
}

async function ask<T>(path: string, { patience = 60_000, read = (answer) => answer.json(), ...init }: Ask<T> = {}): Promise<T> {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), patience);
  try {
    const answer = await fetch(path, {
      ...init, signal: stop.signal, cache: "no-store", redirect: "manual", credentials: "same-origin",
      headers: { accept: "application/json", ...(init.method === "POST" ? { "x-form-token": token } : {}), ...init.headers },
    });
    // A redirect leads to the sign-in, or to a password that has to be changed.
    if (answer.type === "opaqueredirect" || answer.status === 401) throw new SignIn();
    if (answer.ok) return await read(answer);
    const problem = (await answer.json().catch(() => ({}))) as { detail?: string };
    const why = problem.detail ?? String(answer.status);
    if (answer.status === 403) throw new SignIn(why);
    if (answer.status === 413 || answer.status === 422) throw new Refused(why);
    if (answer.status === 404) throw new Gone(why);
    if (answer.status === 429) throw new Later(why);
    throw new ServerFault(why);
  } finally {
    clearTimeout(late);
  }
}

/** Sends what is waiting, if no other tab does. `now`: by hand, or because something has changed; otherwise when its time has come. */
export async function handIn(now = true): Promise<void> {
  clearTimeout(timer);
  if (outdated) return;
  if (now) wait = FIRST_WAIT;
  await navigator.locks.request("yuekao-field-send", { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    told("sending");
    full = false;
    try {
      const session = await greet();
      await sendItems(session);
      // The day does not wait for photos, which may take long or have to wait for tomorrow; nor do they for a day that does not come.
      const fetching = (await isStale(session)) ? jot(fetchDay()) : undefined;
      await fetching?.catch(() => undefined);
      await sendPhotos(session);
      await fetching;
      state.next_try = 0;
      if (!full) wait = FIRST_WAIT;
      told(full ? "full" : "online");
    } catch (fault) {
      failed(fault);
    }
  });
  await again();
}

/** After a failure it is tried again, later and later; what comes in between does not wait. */
async function again() {
  clearTimeout(timer);
  const left = [...(await waitingItems()), ...(await waitingPhotos())].filter(({ login }) => login === state.session?.login).length;
  if (!left && !["offline", "fault", "full"].includes(state.line)) return;
  if (state.line === "sign-in") return;
  const pause = left ? wait * (0.8 + Math.random() * 0.4) : LONGEST_WAIT;
  state.next_try = Date.now() + pause;
  timer = setTimeout(() => void handIn(false), pause) as unknown as number;
  wait = Math.min(LONGEST_WAIT, wait * 2);
}

async function greet(): Promise<Session> {
  const before = Date.now();
  const said = await ask<Session & { form_token: string; now: number; version: string }>("/field/session", { patience: 15_000 });
  token = said.form_token;
  // The server's clock against the middle of the question.
  state.ahead_ms = Math.round((before + Date.now()) / 2) - said.now;
  // Kept: a phone that is restarted without a network still knows that its clock is wrong.
  await jot(setMeta("clock", { ahead_ms: state.ahead_ms, at: said.now } satisfies Clock));
  state.version = said.version;
  const session: Session = { login: said.login, name: said.name, host: said.host, synthetic: said.synthetic };
  state.session = session;
  await jot(setMeta("session", session));
  return session;
}

interface Answers { answers: { id: string; answer: "taken" | "known" | "conflict" | "refused"; why?: string }[] }

async function sendItems(session: Session) {
  const phone = await phoneId();
  const mine = (await waitingItems()).filter((item) => item.login === session.login);
  const parcels: { set: number; items: Item[] }[] = [];
  for (const item of mine) {
    const [set, last] = [setSince(item), parcels.at(-1)];
    if (last && last.set === set && last.items.length < PARCEL) last.items.push(item);
    else parcels.push({ set, items: [item] });
  }
  for (const { set, items: parcel } of parcels) {
    const said = await post(phone, parcel, set);
    // What is not noted is sent again, and then known there.
    await jot(note(parcel, said));
    changed();
  }
  // What was numbered and is gone from the phone shows as a gap, even if nothing comes after it.
  if (((await meta<number>("number")) ?? 0) > ((await meta<number>("number told")) ?? 0)) await post(phone, []);
}

/**
 * By how much the phone's clock was set forward since an item was made; 0 if it was not. The server dates an item by its age at sending, and a
 * clock that sets itself when the network is back would add days to that. An item was made after the server was last asked and before now: if
 * only the clock of then puts it there, it was made by that one.
 */
function setSince({ made_at, clock }: Item): number {
  if (!clock) return 0;
  const possible = (at: number) => clock.at - A_MINUTE < at && at < Date.now() - state.ahead_ms + A_MINUTE;
  return !possible(made_at - state.ahead_ms) && possible(made_at - clock.ahead_ms) ? state.ahead_ms - clock.ahead_ms : 0;
}

/** Sends a parcel by the clock that its items were made by, and how far this phone has numbered. */
async function post(phone: string, parcel: Item[], set = 0): Promise<Answers> {
  const items = parcel.map(({ id, number, kind, made_at, content }) => ({ id, number, kind, made_at, content }));
  const numbered = (await meta<number>("number")) ?? 0;
  const said = await ask<Answers>("/field/items", {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ phone, sent_at: Date.now() - set, numbered, items }),
  });
  await jot(setMeta("number told", numbered));
  return said;
}

async function note(parcel: Item[], { answers }: Answers) {
  const said = new Map(answers.map((one) => [one.id, one]));
  const tx = (await db()).transaction("items", "readwrite", { durability: "strict" });
  for (const { id } of parcel) {
    const [one, item] = [said.get(id), await tx.store.get(id)];
    if (!one || !item) continue;
    const state = one.answer === "known" ? "taken" : one.answer;
    await tx.store.put({ ...item, state, answered_at: Date.now(), ...(one.why ? { why: one.why } : {}) });
  }
  await tx.done;
}

/** Sends the photos. One that cannot be sent keeps no other from it: what went wrong first is said in the end. */
async function sendPhotos(session: Session) {
  let first: unknown;
  const attempt = async (sending: Promise<void>) => {
    try {
      await sending;
    } catch (fault) {
      // Without a network, a session or the server's leave, the others fare no better.
      if (!(fault instanceof ServerFault) || fault instanceof Later) throw fault;
      first ??= fault;
    }
  };
  for (const photo of await waitingPhotos()) {
    if (photo.login === session.login) await attempt(sendPhoto(photo));
    changed();
  }
  // A preview may be late: the original has arrived, and then the network was gone.
  for (const photo of await (await db()).getAllFromIndex("photos", "state", "taken")) {
    if (photo.login === session.login && photo.preview_state === "waiting") await attempt(sendPreview(photo));
  }
  if (first) throw first;
}

async function sendPhoto({ sha256 }: Photo) {
  // Without its original no preview can be made.
  const photo = await withPreview(sha256);
  if (!photo) return;
  const path = `/field/photos/${sha256}`;
  try {
    // It may have arrived before, and the answer was lost.
    const { original } = await ask<{ original: boolean }>(path);
    if (!original) {
      if (!photo.original || !(await isReadable(photo.original))) throw new Refused(t("photoBroken"));
      await upload(path, photo.original, { "content-type": photo.type || "application/octet-stream", ...(photo.preview_state === "none" ? { "x-preview": "none" } : {}) });
    }
  } catch (fault) {
    if (!(fault instanceof Refused)) throw fault;
    // Kept on the phone with the reason; the next photo is sent all the same.
    await jot(changePhoto(sha256, { state: "refused", why: fault.message }));
    return;
  }
  // With its preview, for which there may have been no room before: it may have to wait for a network again.
  const { preview, preview_state } = photo;
  const noted = await jot(changePhoto(sha256, { state: "taken", original: null, preview, preview_state }));
  await sendPreview(photo);
  // The server has it: where there is no room to say so, it makes some itself.
  if (!noted) await (await db()).delete("photos", sha256);
}

/** Whether the phone still has the bytes: a browser keeps them in a file beside its storage, which may be lost. */
const isReadable = (original: Blob) => original.slice(0, 1).arrayBuffer().then((byte) => byte.byteLength > 0, () => false);

async function sendPreview({ sha256, preview, preview_state }: Photo) {
  if (preview_state !== "waiting" || !preview) return;
  try {
    await upload(`/field/photos/${sha256}/preview`, preview, { "content-type": "image/jpeg" });
  } catch (fault) {
    if (!(fault instanceof Refused)) throw fault;
  }
  await jot(changePhoto(sha256, { preview_state: "taken" }));
}

/** Sends the bytes of a photo of which the server has just been asked: if they break off, it is not for want of a network. */
async function upload(path: string, body: Blob, headers: Record<string, string>) {
  try {
    await ask(path, { method: "POST", headers, body, patience: 60_000 + body.size / SLOWEST });
  } catch (fault) {
    throw [SignIn, Refused, ServerFault].some((known) => fault instanceof known) ? fault : new ServerFault(t("photoStuck"));
  }
}

/** The day's tasks are fetched again after ten minutes. */
async function isStale(session: Session) {
  const day = await dayFor(session.login);
  return !day || Math.abs(Date.now() - day.fetched_at) > 600_000;
}

export async function fetchDay() {
  const fetched_at = Date.now();
  const day = await ask<Day>("/field/tasks", { patience: LONG });
  const before = await dayFor(day.login);
  const known = [...(before?.tasks ?? []), ...(before?.earlier ?? [])];
  const visits = await (await db()).getAll("visits", all(day.login));
  const open = new Set(visits.filter((visit) => !visit.finished_at).map((visit) => visit.assignment));
  // A site that is not today's any more stays known for a while: what was recorded there may have to be corrected; and until its visit ends.
  const earlier = known.filter(({ id }) => !day.tasks.some((task) => task.id === id)).filter(({ id }, index) => index < EARLIER || open.has(id));
  const rules = Object.fromEntries(earlier.flatMap(({ rules }) => (rules && before?.rules[rules] ? [[rules, before.rules[rules]]] : [])));
  await keepDay({ ...day, earlier, rules: { ...rules, ...day.rules }, fetched_at });
  await fetchPictures(day);
  changed();
}

/** Reference pictures come along, so that they are there without a network. */
async function fetchPictures(day: Day) {
  const wanted = Object.values(day.rules).flatMap((rules) => rules.indicators.filter((one) => one.picture));
  for (const { id, picture } of wanted) {
    const known = await meta<{ mark: string }>(`picture ${id}`);
    if (known?.mark === picture) continue;
    try {
      const blob = await ask(`/field/pictures/${id}`, { headers: { accept: "image/jpeg" }, patience: LONG, read: (answer) => answer.blob() });
      await setMeta(`picture ${id}`, { mark: picture, blob });
    } catch (fault) {
      // The office has taken it away since: the others come all the same.
      if (!(fault instanceof Gone)) throw fault;
    }
  }
}

export async function refreshDay() {
  try {
    await greet();
    await fetchDay();
    told("online");
  } catch (fault) {
    failed(fault);
  }
}

/** Ends the session, here only when it has ended at the server: else the next one at this phone would go on with it. Fails without a network. */
export async function signOut() {
  try {
    // For the token.
    await greet();
    await ask("/logout", { method: "POST", read: async () => undefined });
  } catch (fault) {
    // The answer leads to the sign-in; so does that of a session which has expired.
    if (!(fault instanceof SignIn)) throw fault;
  }
  await (await db()).delete("meta", "session");
  // No other tab goes on showing what was theirs.
  changed();
  location.assign("/login?next=/field");
}

/** What became of an item that is refused or in conflict, unless something has become of it in another tab. What was begun to put it right is given up. */
async function become(item: Item, change: (item: Item) => Item) {
  const base = await db();
  const { draft, ending } = await correctionOf(item);
  const tx = base.transaction("items", "readwrite", { durability: "strict" });
  const now = await tx.store.get(item.id);
  await Promise.all([now && now.state === item.state ? tx.store.put(change(now)) : undefined, tx.done]);
  if (draft) await dropDraft(draft);
  if (ending) await base.delete("endings", [ending.login, ending.assignment]);
  changed();
}

/** Sends again what was refused: after the agency has put it right. */
export async function sendAgain(item: Item) {
  await become(item, ({ why: _why, ...rest }) => ({ ...rest, state: "waiting" }));
  await handIn();
}

/** The agency has looked at a conflict or at what it cannot use: nothing is left to be done on the phone. */
export const settle = (item: Item) => become(item, (now) => ({ ...now, state: "settled", answered_at: Date.now() }));

export async function sendPhotoAgain({ sha256 }: Photo) {
  await changePhoto(sha256, { state: "waiting", why: undefined });
  await handIn();
}
