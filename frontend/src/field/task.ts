// A site and its checklist.
import { startVisit, type View, type World } from "./app";
import { h } from "./dom";
import { here } from "./place";
import { sketch } from "./sketch";
import { changed, db, meta, unsaved, type Indicator, type Task, type Visit } from "./store";
import { both, t } from "./words";

const QUALITIES = ["clean", "tidy", "orderly", "safe"] as const;
let group: (typeof QUALITIES)[number] | "all" | "last" = "all";
let sought = "";

export async function taskScreen({ session, day, visits }: World, task: Task): Promise<View> {
  const visit = visits.get(task.id);
  const rules = task.rules ? day?.rules[task.rules] : undefined;
  const about = h("p", { className: "hint" }, [task.unit_name, task.site.length_m ? t("metres", { n: task.site.length_m }) : ""].filter(Boolean).join(" · "));
  if (!visit || visit.login !== session!.login) {
    const start = h("button", { className: "primary big", id: "start", onclick: () => void startVisit(session!, task) }, t("start"));
    const map = day ? sketch({ ...day, tasks: [task] }, () => "open", here(), t("map"), () => undefined) : null;
    return { head: task.site.name, back: "/", body: [about, ...(map ? [map] : []), h("p", {}, t("startHint")), ...(rules ? [] : [h("p", { className: "note warn" }, t("noRules"))])], foot: [start] };
  }
  if (visit.finished_at) return { head: task.site.name, back: "/", body: [about, h("p", { className: "note good" }, t("finished")), h("p", {}, t("lookedCount", { n: visit.looked.length, m: count(visit) }))] };
  if (!rules) return { head: task.site.name, back: "/", body: [about, h("p", { className: "note warn" }, t("noRules"))], foot: [finish(task)] };

  const last = (await meta<string[]>("last used")) ?? [];
  const list = h("ul", { className: "checklist" });
  const begun = new Set((await unsaved(task.id)).map((draft) => draft.indicator));
  const fill = () => list.replaceChildren(...rows(rules.indicators, last, begun, task, visit));
  const search = h("input", {
    type: "search", id: "search", placeholder: t("search"), "aria-label": t("search"), value: sought, autocomplete: "off",
    oninput: (event: Event) => {
      sought = (event.target as HTMLInputElement).value;
      fill();
    },
  });
  const tabs = h("div", { className: "chips", role: "group" });
  const choose = () => tabs.replaceChildren(...(["all", ...QUALITIES, ...(last.length ? ["last" as const] : [])] as (typeof group)[]).map((one) =>
    h("button", { className: group === one ? "chosen" : "", "aria-pressed": String(group === one), onclick: () => {
      group = one;
      choose();
      fill();
    } }, t(one === "last" ? "lastUsed" : one))));
  choose();
  fill();
  const rest = h("button", { onclick: () => void lookAt(visit, rules.indicators.map((one) => one.id), true) }, t("restLooked"));
  return { head: task.site.name, back: "/", body: [search, tabs, list, rest], foot: [finish(task)] };
}

const count = (visit: Visit) => Object.values(visit.found).reduce((sum, n) => sum + n, 0);
const finish = (task: Task) => h("a", { className: "button primary big", id: "finish", href: `#/finish/${task.id}` }, t("finish"));

function rows(indicators: Indicator[], last: string[], begun: Set<string>, task: Task, visit: Visit): Node[] {
  const words = sought.trim().toLowerCase();
  let shown = indicators.filter((one) => !words || [one.title.zh, one.title.en, one.requirement.zh, one.heading.zh, one.heading.en].some((text) => text.toLowerCase().includes(words)));
  if (group === "last") shown = last.flatMap((id) => shown.filter((one) => one.id === id));
  else if (group !== "all") shown = shown.filter((one) => one.quality === group);
  if (!shown.length) return [h("li", { className: "empty" }, t("nothing"))];
  const list: Node[] = [];
  for (const quality of group === "last" ? [undefined] : QUALITIES) {
    const part = quality ? shown.filter((one) => one.quality === quality) : shown;
    if (!part.length) continue;
    if (quality && group === "all") list.push(h("li", { className: "quality" }, t(quality)));
    list.push(...part.map((one) => row(one, begun.has(one.id), task, visit)));
  }
  return list;
}

function row(one: Indicator, begun: boolean, task: Task, visit: Visit): Node {
  const found = visit.found[one.id] ?? 0;
  const looked = visit.looked.includes(one.id);
  return h("li", { className: found ? "found" : looked ? "looked" : "" },
    h("a", { className: "grow", href: `#/entry/${task.id}/${encodeURIComponent(one.id)}`, "data-indicator": one.id },
      h("strong", {}, both(one.title)), begun ? h("small", { className: "strong" }, t("unsaved")) : null, h("small", {}, found ? t("found", { n: found }) : both(one.requirement))),
    h("button", { className: "tick", "aria-pressed": String(looked), "aria-label": `${both(one.title)}: ${t("looking")}`, onclick: () => void lookAt(visit, [one.id], !looked) }, found ? String(found) : looked ? "✓" : ""));
}

/** Notes what was looked at; it is told when the visit is finished. */
export async function lookAt(visit: Visit, ids: string[], looked: boolean) {
  const tx = (await db()).transaction("visits", "readwrite");
  const now = await tx.store.get(visit.assignment);
  if (now) {
    const set = new Set(now.looked);
    for (const id of ids) if (looked) set.add(id); else if (!now.found[id]) set.delete(id);
    await tx.store.put({ ...now, looked: [...set] });
  }
  await tx.done;
  changed();
}
