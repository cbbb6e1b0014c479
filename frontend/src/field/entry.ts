// Recording a finding: measured value, severity, photos, place, save. Everything is kept while it is being entered.
import { ofToday, type View, type World } from "./app";
import { cameraField, discardButton, photosFault } from "./camera";
import { h, leaveFor, noting, toast } from "./dom";
import { LIMITS, decimal, typed } from "./limits";
import { here, placeNow, placeThen, whyNot } from "./place";
import { handIn } from "./send";
import { Elsewhere, begun, corrected, draftFor, freshId, keep, keepDraft, meta, setMeta, type Draft, type Indicator, type Severity, type Task } from "./store";
import { both, notKept, t, type Key } from "./words";

export async function entryScreen({ session, day, visits }: World, task: Task, id: string): Promise<View> {
  const visit = visits.get(task.id);
  const indicator = task.rules ? day?.rules[task.rules]?.indicators.find((one) => one.id === id) : undefined;
  const { login } = session!;
  const kept = await draftFor(login, task.id, id);
  const refused = await corrected(kept ?? {});
  const back = refused ? "/queue" : `/task/${task.id}`;
  if (kept?.corrects && !refused) return { head: t("record"), back, body: [h("p", { className: "note warn" }, t("correctionOver"))], foot: [discardButton(kept, back)] };
  if (!indicator || !(refused || (visit && !visit.finished_at))) {
    // What was begun can be saved no more: it says why, and can be given up.
    if (kept && begun(kept)) return { head: t("record"), back, body: [h("p", { className: "note warn" }, t(indicator ? "draftLeft" : "indicatorGone"))], foot: [discardButton(kept, back)] };
    return { head: t("record"), back, body: [h("p", { className: "empty" }, t(indicator && visit ? "finished" : "nothing"))] };
  }
  const draft: Draft = kept ?? { id: freshId(), login, assignment: task.id, indicator: id, value: "", severity: null, photos: [], place: (await meta<string>(`place ${login} ${task.id}`)) ?? "", note: "" };
  if (indicator.severities.length === 1) draft.severity ??= indicator.severities[0]!;
  const fault = h("p", { className: "fault", role: "alert" });
  const note = noting(fault, () => keepDraft(draft));
  const measured = measureField(indicator, draft, () => {
    pickSeverity();
    note();
  });
  const severities = h("div", { className: "severities", role: "group", "aria-label": t("severity") });
  const pickSeverity = () => severities.replaceChildren(...indicator.severities.map((one) =>
    h("button", { type: "button", className: `${one} ${draft.severity === one ? "chosen" : ""}`, "aria-pressed": String(draft.severity === one), "data-severity": one, onclick: () => {
      draft.severity = one;
      pickSeverity();
      note();
    } }, t(one))));
  pickSeverity();

  const save = h("button", { className: "primary big grow", id: "save", onclick: () => void store() }, t("save"));
  const camera = await cameraField(draft, save);
  const place = h("input", { id: "place", value: draft.place, maxLength: LIMITS.words, placeholder: task.site.name, autocomplete: "off", enterKeyHint: "done", oninput: (event: Event) => {
    draft.place = (event.target as HTMLInputElement).value;
    note();
  } });
  const extra = h("textarea", { id: "note", rows: 2, maxLength: LIMITS.words, value: draft.note, oninput: (event: Event) => {
    draft.note = (event.target as HTMLTextAreaElement).value;
    note();
  } });

  const store = async () => {
    const value = indicator.measure ? decimal(draft.value) : null;
    fault.textContent = value === undefined ? t("notANumber", { n: LIMITS.number }) : !draft.severity ? t("needSeverity") : photosFault(draft, indicator.photos);
    if (fault.textContent) return;
    save.disabled = true;
    try {
      const entered = { severity: draft.severity, value, place: draft.place.trim() || task.site.name, note: draft.note.trim(), photos: draft.photos };
      const where = ofToday(day, task) ? placeNow() : placeThen(draft.position);
      const item = await keep(login, "observation", task.id, (now) => {
        if (refused) return { content: { ...refused.content, ...entered } };
        if (!now || now.finished_at) throw new Elsewhere("endedElsewhere");
        const looked = now.looked.includes(id) ? now.looked : [...now.looked, id];
        return {
          content: { assignment: task.id, visit: now.id, rules: task.rules ?? "", indicator: id, ...where, ...entered },
          visit: { ...now, looked, found: { ...now.found, [id]: (now.found[id] ?? 0) + 1 } },
        };
      }, { draft, corrects: refused });
      toast(t("saved", { n: item.number }));
    } catch (why) {
      save.disabled = false;
      fault.textContent = notKept(why);
      return;
    }
    const last = ((await meta<string[]>(`last used ${login}`)) ?? []).filter((one) => one !== id);
    await setMeta(`last used ${login}`, [id, ...last].slice(0, 12));
    await setMeta(`place ${login} ${task.id}`, draft.place.trim());
    leaveFor(back);
    void handIn();
  };

  const placeLine = h("p", { className: "hint", id: "position-says" }, placeWords());
  const picture = indicator.picture ? await meta<{ blob: Blob }>(`picture ${id}`) : undefined;
  const reference = picture ? h("details", {}, h("summary", {}, t("reference")), h("img", { className: "reference", alt: t("reference"), src: URL.createObjectURL(picture.blob) })) : null;

  return {
    head: both(indicator.title), back,
    body: [
      refused ? h("p", { className: "note warn" }, t("correcting", { why: refused.why ?? "" })) : kept && begun(kept) ? h("p", { className: "note" }, t("draftKept")) : h("span"),
      h("p", { className: "requirement" }, both(indicator.requirement)), reference ?? h("span"),
      ...measured, h("h2", {}, t("severity")), severities,
      ...camera,
      h("label", { htmlFor: "place" }, t("place")), place, placeLine,
      h("label", { htmlFor: "note" }, t("note")), extra, fault,
    ],
    foot: [discardButton(draft, back), save],
  };
}

function placeWords(): string {
  const [position, why] = [here(), whyNot()];
  return `${t("position")}${t("colon")}${position ? t("accuracy", { n: position.accuracy_m }) : why ? t("noPosition", { why: t(why) }) : t("locating")}`;
}

/** Says anew where the phone is, if somebody is recording a finding. */
export function sayPlace() {
  const line = document.getElementById("position-says");
  if (line) line.textContent = placeWords();
}

/** What is measured, its unit, and what the value means by the thresholds. */
function measureField(indicator: Indicator, draft: Draft, changed: () => void): Node[] {
  const { measure, observe } = indicator;
  if (!measure) return observe ? [h("p", { className: "hint" }, `${t("observe")}${t("colon")}${both(observe)}`)] : [];
  const unit = t(`unit.${measure.unit}` as Key);
  const told = (["minor", "general", "serious"] as const).filter((severity) => measure.thresholds[severity] !== undefined);
  const sign = measure.worse === "high" ? "≥" : "<";
  const limits = told.map((severity) => t("threshold", { severity: t(severity), sign, value: measure.thresholds[severity]! }));
  const says = h("output", { className: "says", htmlFor: "value" });
  const wrong = h("p", { className: "fault", role: "alert", id: "value-fault" });
  const judge = () => {
    wrong.textContent = decimal(draft.value) === undefined ? t("notANumber", { n: LIMITS.number }) : "";
    const severity = judged(measure, draft.value);
    says.textContent = severity === undefined ? "" : severity === null ? t("meets") : t(severity);
    return severity;
  };
  const input = h("input", { id: "value", inputMode: "decimal", value: draft.value, autocomplete: "off", pattern: "[0-9]*[.]?[0-9]*", enterKeyHint: "done", oninput: (event: Event) => {
    const field = event.target as HTMLInputElement;
    const plain = typed(field.value);
    if (plain !== field.value) field.value = plain;
    draft.value = plain;
    // A value chooses when it is entered; what the inspector has chosen since stays.
    draft.severity = judge() ?? draft.severity;
    changed();
  } });
  judge();
  return [h("label", { htmlFor: "value" }, `${t("measure")}${t("colon")}${both(measure.what)}`), h("div", { className: "measure" }, input, h("span", { className: "unit" }, unit), says), wrong, h("p", { className: "hint" }, limits.join(" · "))];
}

/** The severity of a value; null if the requirement is met, undefined if there is no value. */
export function judged(measure: NonNullable<Indicator["measure"]>, text: string): Severity | null | undefined {
  const value = Number(text);
  if (!text.trim() || !Number.isFinite(value)) return undefined;
  for (const severity of ["serious", "general", "minor"] as const) {
    const threshold = measure.thresholds[severity];
    if (threshold === undefined) continue;
    // Thresholds are decimals or fractions as text.
    const [over, under = "1"] = threshold.split("/");
    const limit = Number(over) / Number(under);
    if (measure.worse === "high" ? value >= limit : value < limit) return severity;
  }
  return null;
}
