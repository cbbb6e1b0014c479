// What is waiting, what has arrived, what needs attention.
import type { View, World } from "./app";
import { bytes, h, sure, toast } from "./dom";
import { dropDraft } from "./photo";
import { handIn, sendAgain, sendPhotoAgain, settle, state } from "./send";
import { beginCorrection, changed, correctable, correctionOf, db, isKnown, itemsOf, photosOf, taskOf, type Day, type Draft, type Item, type Left, type Photo, type Visit } from "./store";
import { both, getLanguage, t, type Key } from "./words";

const time = (at: number) => new Date(at).toLocaleString(getLanguage(), { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });

export async function queueScreen({ session, day, visits }: World, left: Left): Promise<View> {
  const [items, photos] = [await itemsOf(session!.login), await photosOf(session!.login)];
  const waits = (one: { state: string }) => one.state === "waiting" || one.state === "refused" || one.state === "conflict";
  const shownPhotos = photos.filter(waits);
  const seconds = Math.max(0, Math.round((state.next_try - Date.now()) / 1000));
  const open = [...items.filter(waits)].sort((a, b) => rank(a) - rank(b) || b.number - a.number);
  const done = items.filter((item) => !waits(item)).slice(0, 60);
  const retry = h("button", { className: "primary", id: "retry", onclick: () => void handIn() }, t("retry"));
  return {
    head: t("queueTitle"),
    body: [
      h("div", { className: "row between" }, retry, h("span", { className: "hint" }, state.line !== "sending" && seconds ? t("nextTry", { n: seconds }) : "")),
      h("p", { className: "hint" }, t("itemsKept")),
      h("ul", { className: "queue" }, ...left.drafts.map((draft) => draftRow(draft, day, !left.over.includes(draft))), ...left.photos.map((photo) => leftRow(photo, left.drafts)),
        ...shownPhotos.map((photo) => photoRow(photo, onceMore(photo, items, day, visits))), ...open.map((item) => itemRow(item, photos, day)), ...done.map((item) => itemRow(item, photos, day))),
    ],
  };
}

const rank = (item: Item) => ({ refused: 0, conflict: 0, waiting: 1, taken: 2, settled: 2 })[item.state];

function words(kind: Key, assignment: unknown, id: unknown, day: Day | undefined): string {
  const task = taskOf(day, assignment);
  const indicators = task?.rules ? day?.rules[task.rules]?.indicators : undefined;
  const indicator = indicators?.find((one) => one.id === id);
  return [indicator ? both(indicator.title) : t(kind), task?.site.name].filter(Boolean).join(" · ");
}

function itemRow(item: Item, photos: Photo[], day: Day | undefined): Node {
  const { content } = item;
  const kind = item.kind === "position" ? "positionItem" : item.kind === "note" ? (content.closed ? "siteClosed" : "noteItem") : item.kind;
  const named = (content.photos as string[] | undefined) ?? [];
  const among = (state: Photo["state"]) => named.filter((sha256) => photos.some((photo) => photo.sha256 === sha256 && photo.state === state)).length;
  const [left, refused] = [among("waiting"), among("refused")];
  const correct = async () => {
    const place = await beginCorrection(item);
    if (place) location.hash = place;
    else toast(t(item.kind === "visit_finished" ? "endingFirst" : "draftFirst"));
  };
  // Sent again as it is, or closed, it is not put right any more.
  const unlessCorrected = async () => {
    const { draft, ending } = await correctionOf(item);
    return (!draft && !ending) || sure(t("correctionDrop"), t("yes"), t("no"));
  };
  const again = async () => {
    if (await unlessCorrected()) await sendAgain(item);
  };
  const close = async () => {
    if (item.state === "conflict" || ((await sure(t("settleSure"), t("yes"), t("no"))) && (await unlessCorrected()))) await settle(item);
  };
  return h("li", { className: item.state, "data-state": item.state, "data-number": String(item.number) },
    h("span", { className: "number" }, String(item.number)),
    h("span", { className: "grow" }, h("strong", {}, words(kind, content.assignment, content.indicator, day)), h("small", {}, `${time(item.made_at)}${left ? ` · ${t("photosLeft", { n: left })}` : ""}`), item.why ? h("small", { className: "why" }, item.why) : null,
      refused ? h("small", { className: "why" }, t("photosRefused", { n: refused })) : null),
    h("span", { className: "state" }, item.corrected_by ? t("correctedBy", { n: item.corrected_by }) : t(item.state)),
    correctable(item, day) ? h("button", { className: "small", id: `correct-${item.number}`, "data-correct": "", onclick: () => void correct() }, t("correct")) : null,
    item.state === "refused" ? h("button", { className: "small", id: `again-${item.number}`, onclick: () => void again() }, t("again")) : null,
    item.state === "conflict" || item.state === "refused" ? h("button", { className: "small", id: `settle-${item.number}`, "data-settle": "", onclick: () => void close() }, t("settle")) : null);
}

/** The form of a finding, or of a site that is closed. */
const formOf = (assignment: string, indicator: string) => (indicator ? `#/entry/${assignment}/${encodeURIComponent(indicator)}` : `#/closed/${assignment}`);

function draftRow(draft: Draft, day: Day | undefined, savable: boolean): Node {
  const place = formOf(draft.assignment, draft.indicator);
  const known = isKnown(day, draft.assignment, draft.indicator);
  const why = draft.corrects && known ? "correctionOver" : known || !taskOf(day, draft.assignment) ? "draftLeft" : "indicatorGone";
  const said = [draft.value, draft.place, draft.note, draft.photos.length ? `${t("photoOf")} × ${draft.photos.length}` : ""].filter(Boolean).join(" · ");
  const discard = async () => {
    if (await sure(t("discard"), t("yes"), t("no"))) await dropDraft(draft);
  };
  return h("li", { className: savable ? "waiting" : "refused", "data-draft": draft.indicator },
    h("span", { className: "grow" }, h("strong", {}, words(draft.indicator ? "observation" : "siteClosed", draft.assignment, draft.indicator, day)), h("small", {}, said), savable ? null : h("small", { className: "why" }, t(why))),
    h("span", { className: "state" }, t("unsaved")),
    savable ? h("a", { className: "button small", href: place }, t("goOn")) : h("button", { className: "small", id: `discard-${draft.id}`, onclick: () => void discard() }, t("discardDraft")));
}

const pictureOf = (photo: Photo) =>
  photo.preview ? h("img", { alt: "", src: URL.createObjectURL(photo.preview), onload: (event: Event) => URL.revokeObjectURL((event.target as HTMLImageElement).src) }) : null;

function saveToPhone(photo: Photo) {
  const url = URL.createObjectURL(photo.original!);
  h("a", { href: url, download: photo.name || `${photo.sha256}.jpg` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

async function drop(photo: Photo) {
  if (!(await sure(t("photoDiscard"), t("yes"), t("no")))) return;
  await (await db()).delete("photos", photo.sha256);
  changed();
}

/** A photo that was taken and belongs to nothing that can be saved. */
function leftRow(photo: Photo, drafts: Draft[]): Node {
  return h("li", { className: "refused", "data-left": photo.sha256 },
    pictureOf(photo), h("span", { className: "grow" }, h("strong", {}, `${t("photoOfDraft")} ${bytes(photo.size)}`), h("small", {}, time(photo.made_at)), h("small", { className: "why" }, t("photoLeft"))),
    photo.original ? h("button", { className: "small", id: `keep-${photo.sha256}`, onclick: () => saveToPhone(photo) }, t("keepPhoto")) : null,
    drafts.some((draft) => draft.photos.includes(photo.sha256)) ? null : h("button", { className: "small", id: `discard-${photo.sha256}`, onclick: () => void drop(photo) }, t("discardDraft")));
}

/** Where what a refused photo shows can be recorded once more; null if it belongs to a visit that has ended. */
function onceMore(photo: Photo, items: Item[], day: Day | undefined, visits: Map<string, Visit>): string | null | undefined {
  const item = photo.state === "refused" ? items.find(({ content }) => (content.photos as string[] | undefined)?.includes(photo.sha256)) : undefined;
  if (!item) return undefined;
  const [assignment, indicator] = [String(item.content.assignment), String(item.content.indicator ?? "")];
  const visit = visits.get(assignment);
  return isKnown(day, assignment, indicator) && (!indicator || (visit && !visit.finished_at)) ? formOf(assignment, indicator) : null;
}

/** `again`: where it can be recorded once more. */
function photoRow(photo: Photo, again: string | null | undefined): Node {
  return h("li", { className: photo.state, "data-photo": photo.sha256 },
    pictureOf(photo), h("span", { className: "grow" }, h("strong", {}, `${t("photoOf")} ${bytes(photo.size)}`), h("small", {}, time(photo.made_at)), photo.why ? h("small", { className: "why" }, photo.why) : null,
      again === undefined ? null : h("small", {}, t(again ? "photoAgain" : "photoAgainOver"))),
    h("span", { className: "state" }, t(photo.state === "refused" ? "refused" : "waiting")),
    again ? h("a", { className: "button small", "data-again": "", href: again }, t("recordAgain")) : null,
    photo.state === "refused" ? h("button", { className: "small", id: `again-${photo.sha256}`, onclick: () => void sendPhotoAgain(photo) }, t("again")) : null,
    photo.state === "refused" && photo.original ? h("button", { className: "small", id: `keep-${photo.sha256}`, onclick: () => saveToPhone(photo) }, t("keepPhoto")) : null,
    photo.state === "refused" ? h("button", { className: "small", id: `discard-${photo.sha256}`, onclick: () => void drop(photo) }, t("discardDraft")) : null);
}
