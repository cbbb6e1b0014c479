// A site that cannot be visited: closed, fenced off, gone. The agency replaces it; the photo shows why.
import type { View, World } from "./app";
import { cameraField, isFull } from "./camera";
import { h, toast } from "./dom";
import { placeNow } from "./place";
import { handIn } from "./send";
import { db, keep, type Draft, type Task } from "./store";
import { t } from "./words";

export async function closedScreen({ session }: World, task: Task): Promise<View> {
  const base = await db();
  const back = `/task/${task.id}`;
  const draft: Draft = (await base.get("drafts", [task.id, ""])) ?? { assignment: task.id, indicator: "", value: "", severity: null, photos: [], place: "", note: "" };
  const fault = h("p", { className: "fault", role: "alert" });
  const note = h("textarea", { id: "closed-note", rows: 3, maxLength: 1000, value: draft.note, oninput: () => {
    draft.note = note.value;
    void base.put("drafts", draft);
  } });
  const save = h("button", { className: "primary big", id: "save", onclick: async () => {
    fault.textContent = "";
    if (!draft.note.trim()) return void (fault.textContent = t("closedWhy"));
    if (!draft.photos.length) return void (fault.textContent = t("needPhoto", { n: 1 }));
    save.disabled = true;
    const visit = await base.get("visits", task.id);
    const mine = visit?.login === session!.login ? visit : undefined;
    const content = {
      assignment: task.id, visit: mine?.id ?? null, closed: true, text: draft.note.trim(), photos: draft.photos, ...placeNow(),
    };
    try {
      const item = await keep(session!.login, "note", content, { visit: mine && { ...mine, closed_at: Date.now() }, photos: draft.photos, draft: [task.id, ""] });
      toast(t("saved", { n: item.number }));
    } catch (why) {
      save.disabled = false;
      fault.textContent = isFull(why) ? t("full") : String(why);
      return;
    }
    location.hash = "/";
    void handIn();
  } }, t("save"));
  return {
    head: t("siteClosed"), back,
    body: [h("p", {}, t("closedHint")), ...(await cameraField(draft, session!.login, save)), h("label", { htmlFor: "closed-note" }, t("closedNote")), note, fault],
    foot: [save],
  };
}
