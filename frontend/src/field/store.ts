// What the phone keeps, in IndexedDB: nothing leaves it before the server has said that it is on its disk.
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Key } from "./words";

export interface Both { zh: string; en: string }

/** An indicator as the server describes it (GET /field/tasks). */
export interface Indicator {
  id: string; title: Both; requirement: Both; quality: "clean" | "tidy" | "orderly" | "safe"; block: string; heading: Both;
  observe: Both | null;
  measure: { what: Both; unit: string; worse: "high" | "low"; thresholds: Partial<Record<Severity, string>> } | null;
  severities: Severity[]; photos: number; picture: string | null;
  /** Kinds of place where it is looked for; none: everywhere. */
  strata?: string[];
}
export type Severity = "minor" | "general" | "serious";
export interface Rules { key: string; scheme: string; standard: string; indicators: Indicator[]; grades: { key: string; title: Both; grades: string[] }[] }
export interface Task {
  id: string; series: string; month: string; unit: string; unit_name: string; stratum: string; visited: boolean; rules: string | null;
  site: { id: string; name: string; length_m: string | null; lng: string | null; lat: string | null };
}
/** The day's tasks, as they were when the server was asked for them at `fetched_at`; `earlier`: those of days before, for what is still to be finished or corrected. */
export interface Day { day: string; login: string; tasks: Task[]; earlier?: Task[]; rules: Record<string, Rules>; outlines: Record<string, GeoJSON.Geometry>; streets?: { name: string; geometry: GeoJSON.MultiLineString }[]; fetched_at: number }

export type Kind = "visit_started" | "observation" | "visit_finished" | "position" | "note";
export type ItemState = "waiting" | "taken" | "refused" | "conflict" | "settled";

/** How far the phone's clock was ahead of the server's when the server was last asked, and when that was by the server's. */
export interface Clock { ahead_ms: number; at: number }

/** One numbered item, as it is sent (manual, field.md) and what became of it. */
export interface Item {
  id: string; number: number; kind: Kind; made_at: number; content: Record<string, unknown>;
  login: string; state: ItemState; why?: string; answered_at?: number;
  /** What was known of the clock when it was made. */
  clock?: Clock | undefined;
  /** It was refused, and the item of this number says it rightly. */
  corrected_by?: number;
}

/** A photo: the bytes as they came from the camera, and a preview made here. */
export interface Photo {
  sha256: string; original: Blob | null; preview: Blob | null; type: string; size: number; name: string; login: string; made_at: number;
  /** A draft's photo is not sent before its observation is saved. */
  state: "draft" | "waiting" | "taken" | "refused";
  /** Due until it is made; none if this browser cannot make it. */
  preview_state: "due" | "waiting" | "taken" | "none";
  /** How often its preview was begun. */
  tries?: number;
  why?: string;
}

export interface Fix { lng: number; lat: number; accuracy_m: number; at: number }
export interface Visit {
  id: string; assignment: string; login: string; started_at: number; finished_at: number | null; looked: string[]; found: Record<string, number>;
  /** How many of `looked` were ticked together. */
  rest?: number;
  /** When its site was told to be closed. */
  closed_at?: number;
}
/** A finding that is being recorded, under the id that its item will have; without an indicator, that the site is closed. `corrects`: id of the refused item that it puts right. */
export interface Draft {
  /** None in drafts of earlier versions. */
  id?: string;
  login: string; assignment: string; indicator: string; value: string; severity: Severity | null; photos: string[]; place: string; note: string; corrects?: string;
  /** Where its last photo was taken. */
  position?: Fix;
}
/** What is being entered about the end of a visit. */
export interface Ending { login: string; assignment: string; length: string; note: string; grades: Record<string, string>; corrects?: string }
export interface Session { login: string; name: string; host: string; synthetic: boolean }

interface Phone extends DBSchema {
  meta: { key: string; value: unknown };
  items: { key: string; value: Item; indexes: { state: ItemState; number: number } };
  photos: { key: string; value: Photo; indexes: { state: string } };
  // Each inspector's own: several may share a phone.
  visits: { key: [login: string, assignment: string]; value: Visit };
  drafts: { key: [login: string, assignment: string, indicator: string]; value: Draft };
  endings: { key: [login: string, assignment: string]; value: Ending };
}

/** Whether a newer app has taken the storage over in another tab: this page keeps nothing any more. */
export let outdated = false;
let opened: Promise<IDBPDatabase<Phone>> | undefined;

/** The storage, opened anew where it did not open before. */
export function db(): Promise<IDBPDatabase<Phone>> {
  if (!opened) (opened = open()).catch(() => (opened = undefined));
  return opened!;
}

const open = () => openDB<Phone>("yuekao-field", 4, {
  async upgrade(base, before, _now, tx) {
    if (before < 1) {
      base.createObjectStore("meta");
      const items = base.createObjectStore("items", { keyPath: "id" });
      items.createIndex("state", "state");
      items.createIndex("number", "number", { unique: true });
      base.createObjectStore("photos", { keyPath: "sha256" }).createIndex("state", "state");
    }
    // Before version 4, what was going on lay under its task alone, in version 1 all that was begun for a task in one draft. It is kept,
    // for whoever took its photos, else for whoever visits the site.
    const kept = { visits: [] as Visit[], drafts: [] as Draft[], endings: [] as Ending[] };
    for (const name of ["visits", "drafts", "endings"] as const) {
      if (!base.objectStoreNames.contains(name)) continue;
      (kept[name] as unknown[]) = await tx.objectStore(name).getAll();
      base.deleteObjectStore(name);
    }
    const [photos, meta] = [tx.objectStore("photos"), tx.objectStore("meta")];
    const [session, day] = [(await meta.get("session")) as Session | undefined, (await meta.get("day")) as Day | undefined];
    const whose = async ({ assignment, photos: [taken] }: { assignment: string; photos: string[] }) =>
      (taken && (await photos.get(taken))?.login) ?? kept.visits.find((visit) => visit.assignment === assignment)?.login ?? session?.login ?? "";
    const visits = base.createObjectStore("visits", { keyPath: ["login", "assignment"] });
    const drafts = base.createObjectStore("drafts", { keyPath: ["login", "assignment", "indicator"] });
    const endings = base.createObjectStore("endings", { keyPath: ["login", "assignment"] });
    for (const visit of kept.visits) await visits.put(visit);
    for (const draft of kept.drafts) await drafts.put({ ...draft, login: await whose(draft) });
    for (const ending of kept.endings) await endings.put({ ...ending, login: await whose({ ...ending, photos: [] }) });
    if (day) await Promise.all([meta.put(day, dayKey(day.login)), meta.delete("day")]);
  },
  // An older page must not keep a newer one from opening the storage.
  blocking: (_from, _to, event) => {
    (event.target as IDBDatabase).close();
    outdated = true;
    listeners.forEach((hear) => hear());
  },
  terminated: () => (opened = undefined),
});

/** Where the day of an inspector is kept. */
const dayKey = (login: string) => `day ${login}`;
export const dayFor = (login: string) => meta<Day>(dayKey(login));
export const keepDay = (day: Day) => setMeta(dayKey(day.login), day);
/** A task of the day or of one before. */
export const taskOf = (day: Day | undefined, id: unknown) => [...(day?.tasks ?? []), ...(day?.earlier ?? [])].find((task) => task.id === id);
/** All that an inspector has of something. */
export const all = (login: string) => IDBKeyRange.bound([login], [login, []]);

/** Whether something was not written because there is no room on the phone. */
export const isFull = (fault: unknown) => fault instanceof DOMException && fault.name === "QuotaExceededError";

/** Other tabs of this app hear of every change. */
const channel = new BroadcastChannel("yuekao-field");
const listeners = new Set<() => void>();
channel.onmessage = () => listeners.forEach((hear) => hear());
export const onChange = (hear: () => void) => void listeners.add(hear);
export function changed() {
  listeners.forEach((hear) => hear());
  channel.postMessage("changed");
}

export async function meta<T>(key: string): Promise<T | undefined> {
  return (await (await db()).get("meta", key)) as T | undefined;
}
export async function setMeta(key: string, value: unknown) {
  await (await db()).put("meta", value, key);
}

/**
 * An id for something new: a UUID of version 7, which begins with the phone's clock. What is made together lies together in the
 * server's indexes, so that a finding is written with fewer pages than by ids of chance.
 */
export function freshId(): string {
  const clock = Date.now().toString(16).padStart(12, "0").slice(-12);
  const chance = crypto.randomUUID();
  return `${clock.slice(0, 8)}-${clock.slice(8)}-7${chance.slice(15)}`;
}

/** Id of this phone, made at its first use. */
export async function phoneId(): Promise<string> {
  const tx = (await db()).transaction("meta", "readwrite");
  let id = (await tx.store.get("phone")) as string | undefined;
  if (!id) await tx.store.put((id = crypto.randomUUID()), "phone");
  await tx.done;
  return id;
}

/** What is being saved was saved before, or is no more what it was when the screen was made; `key`: the sentence that says so. */
export class Elsewhere extends Error {
  constructor(readonly key: Key) {
    super(key);
  }
}

/** What an item says, and what its visit is after it. */
type Said = { content: Record<string, unknown>; visit?: Visit | undefined };
type Change = { draft?: Draft; ending?: string; corrects?: Item | undefined };

/**
 * Numbers an item and keeps it, with what belongs to it, in one transaction: two tabs cannot give one number twice, and a phone that is
 * switched off in the middle has all of it or nothing. What is said is asked for within it, of the visit to the site as it is then. An item
 * has the id of its draft: no draft is saved twice. What corrects another item was made when that one was.
 */
export async function keep(login: string, kind: Kind, assignment: string, say: (visit: Visit | undefined) => Said, { draft, ending, corrects }: Change = {}): Promise<Item> {
  const tx = (await db()).transaction(["meta", "items", "photos", "visits", "drafts", "endings"], "readwrite", { durability: "strict" });
  const [meta, items, photos, visits] = [tx.objectStore("meta"), tx.objectStore("items"), tx.objectStore("photos"), tx.objectStore("visits")];
  try {
    const id = draft?.id ?? freshId();
    if (await items.get(id)) throw new Elsewhere("savedElsewhere");
    const refused = corrects && (await items.get(corrects.id));
    if (corrects && refused?.state !== "refused") throw new Elsewhere("savedElsewhere");
    const number = ((await meta.get("number")) as number | undefined ?? 0) + 1;
    const { content, visit } = say(await visits.get([login, assignment]));
    const clock = refused ? refused.clock : ((await meta.get("clock")) as Clock | undefined);
    const item: Item = { id, number, kind, made_at: refused?.made_at ?? Date.now(), content: refused ? { ...content, corrects: refused.id } : content, login, state: "waiting", clock };
    await Promise.all([meta.put(number, "number"), items.add(item)]);
    if (visit) await visits.put(visit);
    for (const sha256 of draft?.photos ?? []) {
      const photo = await photos.get(sha256);
      if (photo?.state === "draft") await photos.put({ ...photo, state: "waiting" });
    }
    if (draft) await tx.objectStore("drafts").delete([login, draft.assignment, draft.indicator]);
    if (ending) await tx.objectStore("endings").delete([login, ending]);
    if (refused) await items.put({ ...refused, state: "settled", answered_at: Date.now(), corrected_by: number });
    await tx.done;
    changed();
    return item;
  } catch (fault) {
    // Nothing of it is kept. Where the storage has given up by itself, its own reason counts.
    const given = tx.done.then(() => fault, (why) => (tx.error ? why : fault));
    try {
      tx.abort();
    } catch {
      // It has ended.
    }
    throw await given;
  }
}

/** What was begun for an indicator of a site, or that it is closed. What is an item by now is no draft any more. */
export async function draftFor(login: string, assignment: string, indicator: string): Promise<Draft | undefined> {
  const base = await db();
  const draft = await base.get("drafts", [login, assignment, indicator]);
  if (!draft?.id || !(await base.get("items", draft.id))) return draft && { ...draft, id: draft.id ?? freshId() };
  await base.delete("drafts", [login, assignment, indicator]);
  return undefined;
}

/** Keeps what is being entered as it is now. */
export const keepDraft = async (draft: Draft) => (await db()).put("drafts", draft);
export const keepEnding = async (ending: Ending) => (await db()).put("endings", ending);

/** What the refused item that a draft corrects says; nothing if it corrects none. */
export async function corrected(draft: { corrects?: string }): Promise<Item | undefined> {
  const item = draft.corrects ? await (await db()).get("items", draft.corrects) : undefined;
  return item?.state === "refused" ? item : undefined;
}

/** Which refused items can be put right: where what was entered may be at fault, and its form can be shown. */
export const correctable = (item: Item, day: Day | undefined) => item.state === "refused" && (item.kind === "observation" || item.kind === "visit_finished" || item.content.closed === true)
  && isKnown(day, item.content.assignment, item.kind === "observation" ? item.content.indicator : undefined);

/** Whether a site is known, and an indicator to its rules. */
export function isKnown(day: Day | undefined, assignment: unknown, indicator: unknown): boolean {
  const task = taskOf(day, assignment);
  const rules = task?.rules ? day?.rules[task.rules] : undefined;
  return task !== undefined && (!indicator || Boolean(rules?.indicators.some((one) => one.id === indicator)));
}

/** What was begun to put an item right. */
export async function correctionOf({ id, login }: Item): Promise<{ draft: Draft | undefined; ending: Ending | undefined }> {
  const base = await db();
  const [drafts, endings] = await Promise.all([base.getAll("drafts", all(login)), base.getAll("endings", all(login))]);
  return { draft: drafts.find((one) => one.corrects === id), ending: endings.find((one) => one.corrects === id) };
}

/** Begins to put right what was refused: what it says becomes a draft. Returns where it is; nothing if another draft is there, which comes first. */
export async function beginCorrection({ id, login, kind, content }: Item): Promise<string | undefined> {
  const base = await db();
  const text = (name: string) => (typeof content[name] === "string" ? (content[name] as string) : "");
  const assignment = text("assignment");
  if (kind === "visit_finished") {
    const there = await base.get("endings", [login, assignment]);
    const visit = await base.get("visits", [login, assignment]);
    const goesOn = there && (there.corrects ? await corrected(there) : visit && !visit.finished_at);
    if (goesOn && there.corrects !== id) return undefined;
    if (there?.corrects !== id) await base.put("endings", { login, assignment, length: text("length_m"), note: text("note"), grades: (content.grades as Record<string, string> | undefined) ?? {}, corrects: id });
    return `/finish/${assignment}`;
  }
  const indicator = content.closed ? "" : text("indicator");
  const there = await base.get("drafts", [login, assignment, indicator]);
  if (there && begun(there) && there.corrects !== id) return undefined;
  if (there?.corrects !== id) {
    await base.put("drafts", {
      id: freshId(), login, assignment, indicator, value: text("value"), severity: (content.severity as Severity | undefined) ?? null, photos: (content.photos as string[] | undefined) ?? [],
      place: text("place"), note: text(content.closed ? "text" : "note"), corrects: id,
    });
  }
  return content.closed ? `/closed/${assignment}` : `/entry/${assignment}/${encodeURIComponent(indicator)}`;
}

/**
 * What an inspector has that nothing on the other screens shows: drafts that hold something, those of them that cannot be saved any more
 * (`over`), photos that no draft can be saved with, and photos that were refused.
 */
export interface Left { drafts: Draft[]; over: Draft[]; photos: Photo[]; refused: Photo[] }

export async function leftBehind(login: string, day: Day | undefined, visits: Map<string, Visit>): Promise<Left> {
  const [drafts, photos, items] = await Promise.all([(await db()).getAll("drafts", all(login)), photosOf(login), itemsOf(login)]);
  const refused = new Set(items.filter((item) => item.state === "refused").map((item) => item.id));
  /** Its task and its indicator are known, and its visit has not ended or it puts right what is refused. */
  const savable = (draft: Draft) => {
    const visit = visits.get(draft.assignment);
    return isKnown(day, draft.assignment, draft.indicator) && (draft.corrects ? refused.has(draft.corrects) : !draft.indicator || Boolean(visit && !visit.finished_at));
  };
  const held = new Set(drafts.filter(savable).flatMap((draft) => draft.photos));
  return {
    drafts: drafts.filter(begun), over: drafts.filter((draft) => begun(draft) && !savable(draft)),
    photos: photos.filter((photo) => photo.state === "draft" && !held.has(photo.sha256)), refused: photos.filter((photo) => photo.state === "refused"),
  };
}

/** How much of what is left behind is on this phone alone and does not go by itself. */
export const stranded = ({ over, photos, refused }: Left) => over.length + photos.length + refused.length;

/** Findings of a task that were begun and not saved. */
export async function unsaved(login: string, assignment: string): Promise<Draft[]> {
  const drafts = await (await db()).getAll("drafts", IDBKeyRange.bound([login, assignment], [login, assignment, []]));
  return drafts.filter((draft) => draft.indicator && begun(draft));
}
/** Whether a draft holds anything that would be lost. */
export const begun = (draft: Draft) => Boolean(draft.photos.length || draft.value || draft.note);

export async function waitingItems(): Promise<Item[]> {
  const items = await (await db()).getAllFromIndex("items", "state", "waiting");
  return items.sort((a, b) => a.number - b.number);
}
export const waitingPhotos = async () => (await db()).getAllFromIndex("photos", "state", "waiting");
export const itemsOf = async (login: string) => (await (await db()).getAll("items")).filter((item) => item.login === login).sort((a, b) => b.number - a.number);
export const photosOf = async (login: string) => (await (await db()).getAll("photos")).filter((photo) => photo.login === login);

/** Changes what the phone notes about a photo and leaves the rest as it is by then. A photo that is gone stays so. */
export async function changePhoto(sha256: string, change: Partial<Photo>): Promise<void> {
  const tx = (await db()).transaction("photos", "readwrite", { durability: "strict" });
  const photo = await tx.store.get(sha256);
  await Promise.all([photo && tx.store.put({ ...photo, ...change }), tx.done]);
}

/** Assignments whose sites an inspector found closed. */
export const closedSites = async (login: string) => new Set((await itemsOf(login)).filter((item) => item.kind === "note" && item.content.closed).map((item) => item.content.assignment as string));

/** The visits whose end the server had when it was asked for a day. */
export async function endsTold(day: Day | undefined): Promise<Set<unknown>> {
  if (!day) return new Set();
  const told = (await itemsOf(day.login)).filter(({ kind, state, answered_at }) => kind === "visit_finished" && state === "taken" && (answered_at ?? Infinity) < day.fetched_at);
  return new Set(told.map(({ content }) => content.visit));
}

/** Forgets what the server has had for a week; what it has not had is never forgotten. */
export async function tidyUp() {
  const base = await db();
  const old = Date.now() - 7 * 86_400_000;
  for (const state of ["taken", "settled"] as const)
    for (const item of await base.getAllFromIndex("items", "state", state)) if ((item.answered_at ?? Infinity) < old) await base.delete("items", item.id);
  for (const visit of await base.getAll("visits")) {
    if (visit.started_at >= old) continue;
    // It can still be finished.
    if (!visit.finished_at && !visit.closed_at && taskOf(await dayFor(visit.login), visit.assignment)) continue;
    const key: [string, string] = [visit.login, visit.assignment];
    await base.delete("visits", key);
    if (!(await base.get("endings", key))?.corrects) await base.delete("endings", key);
  }
  for (const photo of await base.getAllFromIndex("photos", "state", "taken")) if (photo.preview_state !== "waiting" && photo.made_at < old) await base.delete("photos", photo.sha256);
}
