// The photos of a draft: taken, shown, removed again.
import { h, leaveFor, sure, toast } from "./dom";
import { LIMITS } from "./limits";
import { NoPhoto, dropDraft, dropPhoto, keepPhoto, makePreviews } from "./photo";
import { begun, db, type Draft } from "./store";
import { notKept, t } from "./words";

/** The camera and what it has taken for a draft; nothing is saved while a photo is being kept. */
export async function cameraField(draft: Draft, save: HTMLButtonElement): Promise<Node[]> {
  const shots = h("ul", { className: "shots" });
  const showShots = async () => {
    const [base, taken] = [await db(), draft.photos];
    const photos = await Promise.all(taken.map((sha256) => base.get("photos", sha256)));
    shots.replaceChildren(...photos.map((photo, index) => {
      const sha256 = taken[index]!;
      const picture = h("img", { alt: t("photos", { n: index + 1 }) });
      if (photo?.preview) {
        picture.src = URL.createObjectURL(photo.preview);
        picture.onload = () => URL.revokeObjectURL(picture.src);
      }
      return h("li", {}, photo?.preview ? picture : h("span", { className: "no-preview" }, photo?.name ?? ""),
        h("button", { type: "button", className: "remove", "aria-label": t("removePhoto", { n: index + 1 }), onclick: async (event: Event) => {
          const remove = event.currentTarget as HTMLButtonElement;
          remove.disabled = true;
          try {
            if (await sure(t("removeSure", { n: index + 1 }), t("yes"), t("no"))) {
              await dropPhoto(draft, sha256);
              busy.textContent = "";
              await showShots();
            }
          } catch (why) {
            busy.textContent = notKept(why);
          }
          remove.disabled = false;
        } }, "×"));
    }));
  };
  const busy = h("p", { className: "hint", role: "status", id: "camera-says" });
  const develop = () => makePreviews().then((made) => (made ? showShots() : undefined)).catch((fault) => console.warn(fault));
  await showShots();
  void develop();

  const camera = h("input", { type: "file", accept: "image/*", capture: "environment", id: "camera", className: "visually-hidden", onchange: async (event: Event) => {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    busy.textContent = t("photoBusy");
    save.disabled = true;
    try {
      for (const file of files) {
        if (draft.photos.length >= LIMITS.photos) throw new NoPhoto("photosFull");
        if (await keepPhoto(file, draft)) toast(t("samePhoto"));
      }
      busy.textContent = "";
    } catch (why) {
      busy.textContent = why instanceof NoPhoto ? t(why.key, { n: LIMITS.photos, mb: LIMITS.photo_bytes >> 20 }) : notKept(why);
    }
    input.value = "";
    save.disabled = false;
    await showShots().catch((fault) => console.warn(fault));
    void develop();
  } });
  return [h("label", { className: "button camera", htmlFor: "camera" }, h("span", { className: "lens", "aria-hidden": "true" }), t("photo")), camera, busy, shots];
}

/** Gives a draft up, after asking if it holds anything, and goes back. */
export const discardButton = (draft: Draft, back: string) => h("button", { type: "button", className: "discard", "aria-label": t("discard"), onclick: async () => {
  if (begun(draft) && !(await sure(t("discard"), t("yes"), t("no")))) return;
  await dropDraft(draft);
  leaveFor(back);
} }, "×");

/** What keeps the photos of a draft from being saved. */
export function photosFault(draft: Draft, least: number): string {
  const missing = least - draft.photos.length;
  if (missing > 0) return t("needPhoto", { n: missing });
  return draft.photos.length > LIMITS.photos ? t("photosFull", { n: LIMITS.photos }) : "";
}
