// A site that cannot be visited: closed, fenced off, gone. The agency replaces it; the photo shows why.
import { ofToday, type View, type World } from "./app";
import { cameraField, discardButton, photosFault } from "./camera";
import { h, leaveFor, noting, toast } from "./dom";
import { LIMITS } from "./limits";
import { placeNow, placeThen } from "./place";
import { handIn } from "./send";
import { corrected, draftFor, freshId, keep, keepDraft, type Draft, type Task } from "./store";
import { notKept, t } from "./words";

export async function closedScreen({ session, day }: World, task: Task): Promise<View> {
  const { login } = session!;
  const draft: Draft = (await draftFor(login, task.id, "")) ?? { id: freshId(), login, assignment: task.id, indicator: "", value: "", severity: null, photos: [], place: "", note: "" };
  const refused = await corrected(draft);
  const back = refused ? "/queue" : `/task/${task.id}`;
  const fault = h("p", { className: "fault", role: "alert" });
  if (draft.corrects && !refused) return { head: t("siteClosed"), back, body: [h("p", { className: "note warn" }, t("correctionOver"))], foot: [discardButton(draft, back)] };
  const entered = noting(fault, () => keepDraft(draft));
  const note = h("textarea", { id: "closed-note", rows: 3, maxLength: LIMITS.words, value: draft.note, oninput: () => {
    draft.note = note.value;
    entered();
  } });
  const save = h("button", { className: "primary big grow", id: "save", onclick: async () => {
    fault.textContent = draft.note.trim() ? photosFault(draft, 1) : t("closedWhy");
    if (fault.textContent) return;
    save.disabled = true;
    const said = { text: draft.note.trim(), photos: draft.photos };
    const place = ofToday(day, task) ? placeNow() : placeThen(draft.position);
    try {
      const item = await keep(login, "note", task.id, (visit) => {
        if (refused) return { content: { ...refused.content, ...said } };
        const about = { assignment: task.id, visit: visit?.id ?? null, closed: true };
        return { content: { ...about, ...place, ...said }, visit: visit && { ...visit, closed_at: Date.now() } };
      }, { draft, corrects: refused });
      toast(t("saved", { n: item.number }));
    } catch (why) {
      save.disabled = false;
      fault.textContent = notKept(why);
      return;
    }
    leaveFor(refused ? back : "/");
    void handIn();
  } }, t("save"));
  return {
    head: t("siteClosed"), back,
    body: [...(refused ? [h("p", { className: "note warn" }, t("correcting", { why: refused.why ?? "" }))] : []), h("p", {}, t("closedHint")),
      ...(await cameraField(draft, save)), h("label", { htmlFor: "closed-note" }, t("closedNote")), note, fault],
    foot: [discardButton(draft, back), save],
  };
}
