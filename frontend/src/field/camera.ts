// The photos of a draft: taken, shown, removed again.
import { h, toast } from "./dom";
import { dropDraftPhoto, keepPhoto } from "./photo";
import { db, type Draft } from "./store";
import { t } from "./words";

export const isFull = (why: unknown) => why instanceof DOMException && why.name === "QuotaExceededError";

/** The camera and what it has taken for a draft; nothing is saved while a photo is being kept. */
export async function cameraField(draft: Draft, login: string, save: HTMLButtonElement): Promise<Node[]> {
  const base = await db();
  const shots = h("ul", { className: "shots" });
  const showShots = async () => {
    const photos = await Promise.all(draft.photos.map((sha256) => base.get("photos", sha256)));
    shots.replaceChildren(...photos.map((photo, index) => {
      const picture = h("img", { alt: t("photos", { n: index + 1 }) });
      if (photo?.preview) {
        picture.src = URL.createObjectURL(photo.preview);
        picture.onload = () => URL.revokeObjectURL(picture.src);
      }
      return h("li", {}, photo?.preview ? picture : h("span", { className: "no-preview" }, photo?.name ?? ""),
        h("button", { type: "button", className: "remove", "aria-label": t("removePhoto", { n: index + 1 }), onclick: async () => {
          draft.photos.splice(index, 1);
          await base.put("drafts", draft);
          if (photo) await dropDraftPhoto(photo.sha256);
          await showShots();
        } }, "×"));
    }));
  };
  await showShots();

  const busy = h("p", { className: "hint", role: "status" });
  const camera = h("input", { type: "file", accept: "image/*", capture: "environment", id: "camera", className: "visually-hidden", onchange: async (event: Event) => {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    busy.textContent = t("photoBusy");
    save.disabled = true;
    try {
      for (const file of files) {
        const { photo, before } = await keepPhoto(file, login);
        if (before && !draft.photos.includes(photo.sha256)) toast(t("samePhoto"));
        if (!draft.photos.includes(photo.sha256)) draft.photos.push(photo.sha256);
      }
      await base.put("drafts", draft);
      busy.textContent = "";
    } catch (why) {
      busy.textContent = isFull(why) ? t("full") : t("photoFault", { why: String(why) });
    }
    input.value = "";
    save.disabled = false;
    await showShots();
  } });
  return [h("label", { className: "button camera", htmlFor: "camera" }, h("span", { className: "lens", "aria-hidden": "true" }), t("photo")), camera, busy, shots];
}
