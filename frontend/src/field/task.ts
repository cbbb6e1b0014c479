// A site and its checklist.
import { ofToday, startVisit, type View, type World } from "./app";
import { h, toast } from "./dom";
import { here } from "./place";
import { sketch } from "./sketch";
import { changed, closedSites, db, meta, unsaved, type Indicator, type Task, type Visit } from "./store";
import { both, notKept, t } from "./words";

const QUALITIES = ["clean", "tidy", "orderly", "safe"] as const;
let group: (typeof QUALITIES)[number] | "here" | "all" | "last" = "here";
let sought = "";

/** Whether an indicator is looked for at sites of the task's kind. */
export const fits = (one: Indicator, task: Task) => !one.strata?.length || one.strata.includes(task.stratum);

/** A place in the phone's map program: iPhones and iPads know no `geo:`, and an iPad calls itself a Mac. */
const onMap = (lng: string, lat: string, name: string) =>
  /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1)
    ? `https://maps.apple.com/?daddr=${lat},${lng}&q=${encodeURIComponent(name)}`
    : `geo:${lat},${lng}?q=${lat},${lng}(${encodeURIComponent(name)})`;

export async function taskScreen({ session, day, visits }: World, task: Task): Promise<View> {
  const visit = visits.get(task.id);
  const rules = task.rules ? day?.rules[task.rules] : undefined;
  const about = h("p", { className: "hint" }, [task.unit_name, task.site.length_m ? t("metres", { n: task.site.length_m }) : ""].filter(Boolean).join(" · "));
  const shut = h("a", { className: "button", id: "closed", href: `#/closed/${task.id}` }, t("siteClosed"));
  const told = (await closedSites(session!.login)).has(task.id) ? [h("p", { className: "note warn" }, t("closedTold"))] : [];
  if (!visit) {
    const fault = h("p", { className: "fault", role: "alert" });
    const start = h("button", { className: "primary big", id: "start", onclick: async () => {
      start.disabled = true;
      fault.textContent = "";
      try {
        await startVisit(session!, task);
      } catch (why) {
        fault.textContent = notKept(why);
        start.disabled = false;
      }
    } }, t("start"));
    const map = day ? sketch({ ...day, tasks: [task] }, () => "open", here(), t("map"), () => undefined) : null;
    const { lng, lat, name } = task.site;
    // The phone's own map program takes it from here; it is not told anything else.
    const route = lng && lat ? [h("a", { className: "button", id: "route", href: onMap(lng, lat, name) }, t("route")), h("p", { className: "hint" }, `${t("coordinates")}${t("colon")}${lng}, ${lat}`)] : [];
    return { head: task.site.name, back: "/", body: [about, ...told, ...(map ? [map] : []), ...route, h("p", {}, t("startHint")), fault, shut, ...(rules ? [] : [h("p", { className: "note warn" }, t("noRules"))])], foot: [start] };
  }
  if (visit.finished_at) return { head: task.site.name, back: "/", body: [about, h("p", { className: "note good" }, t("finished")), h("p", {}, t("lookedCount", { n: visit.looked.length, m: count(visit) }))] };
  if (!ofToday(day, task)) told.push(h("p", { className: "note warn" }, t("laterDay")));
  if (!rules) return { head: task.site.name, back: "/", body: [about, ...told, h("p", { className: "note warn" }, t("noRules")), shut], foot: [finish(task)] };

  const last = (await meta<string[]>(`last used ${visit.login}`)) ?? [];
  const list = h("ul", { className: "checklist" });
  const begun = new Set((await unsaved(visit.login, task.id)).map((draft) => draft.indicator));
  const everywhere = rules.indicators.every((one) => fits(one, task));
  let now = visit;
  const tick = async (ids: string[], looked: boolean) => {
    try {
      await lookAt(visit, ids, looked);
      now = (await (await db()).get("visits", [visit.login, task.id])) ?? now;
    } catch (why) {
      toast(notKept(why));
    }
    fill();
  };
  const fill = () => {
    const focused = list.contains(document.activeElement) ? document.activeElement!.id : "";
    list.replaceChildren(...rows(rules.indicators, last, begun, task, now, tick));
    document.getElementById(focused)?.focus({ preventScroll: true });
  };
  const search = h("input", {
    type: "search", id: "search", placeholder: t("search"), "aria-label": t("search"), value: sought, autocomplete: "off",
    oninput: (event: Event) => {
      sought = (event.target as HTMLInputElement).value;
      fill();
    },
    // While a word is being written the screen stays as it is.
    onblur: changed,
  });
  const tabs = h("div", { className: "chips", role: "group" });
  const choose = () => tabs.replaceChildren(...(["here", ...QUALITIES, ...(last.length ? ["last" as const] : []), ...(everywhere ? [] : ["all" as const])] as (typeof group)[]).map((one) =>
    h("button", { id: `group-${one}`, className: group === one ? "chosen" : "", "aria-pressed": String(group === one), onclick: () => {
      group = one;
      choose();
      fill();
    } }, t(one === "last" ? "lastUsed" : one === "here" && everywhere ? "all" : one))));
  choose();
  fill();
  const rest = h("button", { id: "rest", onclick: () => void tick(sift(rules.indicators, last, task).map((one) => one.id), true) }, t("restLooked"));
  return { head: task.site.name, back: "/", body: [...told, search, tabs, list, rest, shut], foot: [finish(task)] };
}

const count = (visit: Visit) => Object.values(visit.found).reduce((sum, n) => sum + n, 0);
const finish = (task: Task) => h("a", { className: "button primary big", id: "finish", href: `#/finish/${task.id}` }, t("finish"));

/** What the list shows: what is looked for here, unless everything or a word is asked for. */
function sift(indicators: Indicator[], last: string[], task: Task): Indicator[] {
  const words = sought.trim().toLowerCase();
  if (words) indicators = indicators.filter((one) => [one.title.zh, one.title.en, one.requirement.zh, one.heading.zh, one.heading.en].some((text) => text.toLowerCase().includes(words)));
  else if (group !== "all" && group !== "last") indicators = indicators.filter((one) => fits(one, task));
  if (group === "last") return last.flatMap((id) => indicators.filter((one) => one.id === id));
  return group === "all" || group === "here" ? indicators : indicators.filter((one) => one.quality === group);
}

type Tick = (ids: string[], looked: boolean) => Promise<void>;

function rows(indicators: Indicator[], last: string[], begun: Set<string>, task: Task, visit: Visit, tick: Tick): Node[] {
  const shown = sift(indicators, last, task);
  if (!shown.length) return [h("li", { className: "empty" }, t("nothing"))];
  const list: Node[] = [];
  for (const quality of group === "last" ? [undefined] : QUALITIES) {
    const part = quality ? shown.filter((one) => one.quality === quality) : shown;
    if (!part.length) continue;
    if (quality && (group === "all" || group === "here")) list.push(h("li", { className: "quality" }, t(quality)));
    list.push(...part.map((one) => row(one, begun.has(one.id), task, visit, tick)));
  }
  return list;
}

function row(one: Indicator, begun: boolean, task: Task, visit: Visit, tick: Tick): Node {
  const found = visit.found[one.id] ?? 0;
  const looked = visit.looked.includes(one.id);
  return h("li", { className: found ? "found" : looked ? "looked" : "" },
    h("a", { className: "grow", href: `#/entry/${task.id}/${encodeURIComponent(one.id)}`, "data-indicator": one.id },
      h("strong", {}, both(one.title)), begun ? h("small", { className: "strong" }, t("unsaved")) : null, h("small", {}, found ? t("found", { n: found }) : both(one.requirement))),
    h("button", { className: "tick", id: `tick-${one.id}`, "aria-pressed": String(looked), "aria-label": `${both(one.title)}: ${found ? t("found", { n: found }) : t("looking")}`, onclick: () => void tick([one.id], !looked) }, found ? String(found) : looked ? "✓" : ""));
}

/** Notes what was looked at, and how much of it was ticked together; it is told when the visit is finished. Returns how many lines are ticked. */
export async function lookAt(visit: Visit, ids: string[], looked: boolean): Promise<number> {
  const tx = (await db()).transaction("visits", "readwrite");
  const now = await tx.store.get([visit.login, visit.assignment]);
  const set = new Set(now?.looked);
  if (now && !now.finished_at) {
    for (const id of ids) if (looked) set.add(id); else if (!now.found[id]) set.delete(id);
    const together = ids.length > 1 ? set.size - now.looked.length : 0;
    await tx.store.put({ ...now, looked: [...set], rest: (now.rest ?? 0) + together });
  }
  await tx.done;
  changed();
  return set.size;
}
