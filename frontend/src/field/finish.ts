// The end of a visit: what was looked at, how far was walked, which grades were given.
import type { View, World } from "./app";
import { h } from "./dom";
import { placeNow } from "./place";
import { handIn } from "./send";
import { db, keep, unsaved, type Task } from "./store";
import { fits, lookAt } from "./task";
import { both, gradeWord, t } from "./words";

export async function finishScreen({ session, day, visits }: World, task: Task): Promise<View> {
  const visit = visits.get(task.id);
  const back = `/task/${task.id}`;
  if (!session || !visit || visit.finished_at) return { head: t("finishTitle"), back, body: [h("p", { className: "note good" }, t("finished"))] };
  const rules = task.rules ? day?.rules[task.rules] : undefined;
  const count = Object.values(visit.found).reduce((sum, n) => sum + n, 0);
  const due = (rules?.indicators ?? []).filter((one) => fits(one, task)).map((one) => one.id);
  const left = due.filter((one) => !visit.looked.includes(one)).length;
  const begun = (await unsaved(task.id)).length;
  const length = h("input", { id: "length", inputMode: "decimal", value: task.site.length_m ?? "", autocomplete: "off" });
  const note = h("textarea", { id: "finish-note", rows: 3, maxLength: 1000 });
  const grades: Record<string, string> = {};
  const gradeFields = (rules?.grades ?? []).map(({ key, title, grades: all }) => {
    const row = h("div", { className: "chips", role: "group", "aria-label": both(title) });
    const show = () => row.replaceChildren(...["", ...all].map((grade) =>
      h("button", { type: "button", className: (grades[key] ?? "") === grade ? "chosen" : "", "aria-pressed": String((grades[key] ?? "") === grade), onclick: () => {
        if (grade) grades[key] = grade;
        else delete grades[key];
        show();
      } }, grade ? gradeWord(grade) : t("noGrade"))));
    show();
    return h("div", {}, h("h3", {}, both(title)), row);
  });
  const end = async () => {
    button.disabled = true;
    const now = (await (await db()).get("visits", task.id)) ?? visit;
    await keep(session.login, "visit_finished", {
      assignment: task.id, visit: now.id, rules: task.rules ?? "", looked: now.looked, rest: now.rest ?? 0, length_m: length.value.replace(/[^0-9.]/g, "") || null, grades, note: note.value.trim(), ...placeNow(),
    }, { visit: { ...now, finished_at: Date.now() } });
    location.hash = "/";
    void handIn();
  };
  const button = h("button", { className: "primary big", id: "end", onclick: () => void end() }, t("finish"));
  return {
    head: t("finishTitle"), back,
    body: [
      h("p", { className: "lede" }, t("lookedCount", { n: visit.looked.length, m: count })),
      begun ? h("p", { className: "note bad", id: "unsaved" }, t("unsavedCount", { n: begun })) : h("span"),
      left > 0 ? h("div", { className: "note warn", id: "unlooked" }, h("p", {}, t("unlooked", { n: left })),
        h("button", { type: "button", onclick: async (event: Event) => {
          const n = await lookAt(visit, due, true);
          (event.target as HTMLElement).closest("div")!.replaceWith(h("p", { className: "note good" }, t("lookedCount", { n, m: count })));
        } }, t("restLooked"))) : h("span"),
      h("label", { htmlFor: "length" }, t("lengthWalked")), length,
      ...(gradeFields.length ? [h("h2", {}, t("grades")), ...gradeFields] : []),
      h("label", { htmlFor: "finish-note" }, t("finishNote")), note,
    ],
    foot: [button],
  };
}
