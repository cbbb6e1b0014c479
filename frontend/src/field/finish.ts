// The end of a visit: what was looked at, how far was walked, which grades were given. Everything is kept while it is being entered.
import { ofToday, type View, type World } from "./app";
import { h, leaveFor, noting, sure } from "./dom";
import { LIMITS, decimal, typed } from "./limits";
import { placeNow, placeThen } from "./place";
import { handIn } from "./send";
import { Elsewhere, corrected, db, keep, keepEnding, unsaved, type Ending, type Task } from "./store";
import { fits, lookAt } from "./task";
import { both, gradeWord, notKept, t } from "./words";

export async function finishScreen({ session, day, visits }: World, task: Task): Promise<View> {
  const { login } = session!;
  const visit = visits.get(task.id);
  const kept = await (await db()).get("endings", [login, task.id]);
  const refused = await corrected(kept ?? {});
  // What was to put right what is refused no more is no end of this visit.
  const ending: Ending = kept && (refused || !kept.corrects) ? kept : { login, assignment: task.id, length: task.site.length_m ?? "", note: "", grades: {} };
  const back = refused ? "/queue" : `/task/${task.id}`;
  if (!(refused || (visit && !visit.finished_at))) return { head: t("finishTitle"), back, body: [h("p", { className: "note good" }, t("finished"))] };
  const rules = task.rules ? day?.rules[task.rules] : undefined;

  const fault = h("p", { className: "fault", role: "alert" });
  const note = noting(fault, () => keepEnding(ending));
  const wrong = h("p", { className: "fault", role: "alert", id: "length-fault" });
  const judge = () => (wrong.textContent = decimal(ending.length) === undefined ? t("notANumber", { n: LIMITS.number }) : "");
  const length = h("input", { id: "length", inputMode: "decimal", value: ending.length, autocomplete: "off", oninput: () => {
    ending.length = typed(length.value);
    if (ending.length !== length.value) length.value = ending.length;
    judge();
    note();
  } });
  judge();
  const words = h("textarea", { id: "finish-note", rows: 3, maxLength: LIMITS.words, value: ending.note, oninput: () => {
    ending.note = words.value;
    note();
  } });
  const gradeFields = (rules?.grades ?? []).map(({ key, title, grades: all }) => {
    const row = h("div", { className: "chips", role: "group", "aria-label": both(title) });
    const show = () => row.replaceChildren(...["", ...all].map((grade) =>
      h("button", { type: "button", className: (ending.grades[key] ?? "") === grade ? "chosen" : "", "aria-pressed": String((ending.grades[key] ?? "") === grade), onclick: () => {
        if (grade) ending.grades[key] = grade;
        else delete ending.grades[key];
        show();
        note();
      } }, grade ? gradeWord(grade) : t("noGrade"))));
    show();
    return h("div", {}, h("h3", {}, both(title)), row);
  });
  const end = async () => {
    const length_m = decimal(ending.length);
    fault.textContent = length_m === undefined ? t("notANumber", { n: LIMITS.number }) : "";
    if (length_m === undefined) return;
    button.disabled = true;
    try {
      const entered = { length_m, grades: ending.grades, note: ending.note.trim() };
      const place = ofToday(day, task) ? placeNow() : placeThen();
      await keep(login, "visit_finished", task.id, (now) => {
        if (refused) return { content: { ...refused.content, ...entered } };
        if (!now || now.finished_at) throw new Elsewhere("savedElsewhere");
        const about = { assignment: task.id, visit: now.id, rules: task.rules ?? "", looked: now.looked, rest: now.rest ?? 0 };
        return { content: { ...about, ...place, ...entered }, visit: { ...now, finished_at: Date.now() } };
      }, { ending: task.id, corrects: refused });
    } catch (why) {
      button.disabled = false;
      fault.textContent = notKept(why);
      return;
    }
    leaveFor(refused ? back : "/");
    void handIn();
  };
  const button = h("button", { className: "primary big grow", id: "end", onclick: () => void end() }, refused ? t("save") : t("finish"));
  const giveUp = h("button", { type: "button", className: "discard", "aria-label": t("correctionGiveUp"), onclick: async () => {
    if (!(await sure(t("correctionGiveUp"), t("yes"), t("no")))) return;
    await (await db()).delete("endings", [login, task.id]);
    leaveFor(back);
  } }, "×");
  const fields = [
    h("label", { htmlFor: "length" }, t("lengthWalked")), length, wrong,
    ...(gradeFields.length ? [h("h2", {}, t("grades")), ...gradeFields] : []),
    h("label", { htmlFor: "finish-note" }, t("finishNote")), words, fault,
  ];
  if (refused) return { head: t("finishTitle"), back, body: [h("p", { className: "note warn" }, t("correcting", { why: refused.why ?? "" })), ...fields], foot: [giveUp, button] };
  const count = Object.values(visit!.found).reduce((sum, n) => sum + n, 0);
  const due = (rules?.indicators ?? []).filter((one) => fits(one, task)).map((one) => one.id);
  const left = due.filter((one) => !visit!.looked.includes(one)).length;
  const begun = (await unsaved(login, task.id)).length;
  return {
    head: t("finishTitle"), back,
    body: [
      h("p", { className: "lede" }, t("lookedCount", { n: visit!.looked.length, m: count })),
      begun ? h("p", { className: "note bad", id: "unsaved" }, t("unsavedCount", { n: begun })) : h("span"),
      left > 0 ? h("div", { className: "note warn", id: "unlooked" }, h("p", {}, t("unlooked", { n: left })),
        h("button", { type: "button", onclick: async (event: Event) => {
          const n = await lookAt(visit!, due, true);
          (event.target as HTMLElement).closest("div")!.replaceWith(h("p", { className: "note good" }, t("lookedCount", { n, m: count })));
        } }, t("restLooked"))) : h("span"),
      ...fields,
    ],
    foot: [button],
  };
}
