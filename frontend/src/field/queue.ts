// What is waiting, what has arrived, what needs attention.
import type { View } from "./app";
import { bytes, h } from "./dom";
import { handIn, sendAgain, sendPhotoAgain, settle, state } from "./send";
import { allItems, allPhotos, meta, type Day, type Item, type Photo } from "./store";
import { both, getLanguage, t, type Key } from "./words";

const time = (at: number) => new Date(at).toLocaleString(getLanguage(), { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });

export async function queueScreen(): Promise<View> {
  const [items, photos, day] = [await allItems(), await allPhotos(), await meta<Day>("day")];
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
      h("ul", { className: "queue" }, ...shownPhotos.map(photoRow), ...open.map((item) => itemRow(item, photos, day)), ...done.map((item) => itemRow(item, photos, day))),
    ],
  };
}

const rank = (item: Item) => ({ refused: 0, conflict: 0, waiting: 1, taken: 2, settled: 2 })[item.state];

function words(item: Item, day: Day | undefined): string {
  const task = day?.tasks.find((one) => one.id === item.content.assignment);
  const indicators = task?.rules ? day?.rules[task.rules]?.indicators : undefined;
  const indicator = indicators?.find((one) => one.id === item.content.indicator);
  const kind = item.kind === "position" ? "positionItem" : item.kind === "note" ? (item.content.closed ? "siteClosed" : "noteItem") : item.kind;
  return [indicator ? both(indicator.title) : t(kind as Key), task?.site.name].filter(Boolean).join(" · ");
}

function itemRow(item: Item, photos: Photo[], day: Day | undefined): Node {
  const named = (item.content.photos as string[] | undefined) ?? [];
  const left = named.filter((sha256) => photos.some((photo) => photo.sha256 === sha256 && photo.state === "waiting")).length;
  return h("li", { className: item.state, "data-state": item.state, "data-number": String(item.number) },
    h("span", { className: "number" }, String(item.number)),
    h("span", { className: "grow" }, h("strong", {}, words(item, day)), h("small", {}, `${time(item.made_at)}${left ? ` · ${t("photosLeft", { n: left })}` : ""}`), item.why ? h("small", { className: "why" }, item.why) : null),
    h("span", { className: "state" }, t(item.state)),
    item.state === "refused" ? h("button", { className: "small", onclick: () => void sendAgain(item) }, t("again")) : null,
    item.state === "conflict" ? h("button", { className: "small", onclick: () => void settle(item) }, t("settle")) : null);
}

function photoRow(photo: Photo): Node {
  const picture = photo.preview ? h("img", { alt: "", src: URL.createObjectURL(photo.preview), onload: (event: Event) => URL.revokeObjectURL((event.target as HTMLImageElement).src) }) : null;
  const save = () => {
    const url = URL.createObjectURL(photo.original!);
    h("a", { href: url, download: photo.name || `${photo.sha256}.jpg` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  };
  return h("li", { className: photo.state, "data-photo": photo.sha256 },
    picture, h("span", { className: "grow" }, h("strong", {}, `${t("photoOf")} ${bytes(photo.size)}`), h("small", {}, time(photo.made_at)), photo.why ? h("small", { className: "why" }, photo.why) : null),
    h("span", { className: "state" }, t(photo.state === "refused" ? "refused" : "waiting")),
    photo.state === "refused" ? h("button", { className: "small", onclick: () => void sendPhotoAgain(photo) }, t("again")) : null,
    photo.state === "refused" && photo.original ? h("button", { className: "small", onclick: save }, t("keepPhoto")) : null);
}
