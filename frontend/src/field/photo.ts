// A photo as it comes from the camera: hashed at once, kept as it is, with a preview for people who cannot open it.
import { changed, db, type Photo } from "./store";

const PREVIEW = 1280;

const hex = (bytes: ArrayBuffer) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export interface Kept { photo: Photo; before: boolean }

/** Keeps a photo under its digest; `before`: the same one is here already. */
export async function keepPhoto(file: File, login: string): Promise<Kept> {
  // Read whole: a File is only a promise of bytes that the camera app may take back.
  const bytes = await file.arrayBuffer();
  const sha256 = hex(await crypto.subtle.digest("SHA-256", bytes));
  const base = await db();
  const known = await base.get("photos", sha256);
  if (known && known.state !== "refused") return { photo: known, before: true };
  const original = new Blob([bytes], { type: file.type });
  const preview = await previewOf(original);
  const photo: Photo = {
    sha256, original, preview, type: file.type, size: file.size, name: file.name, login, made_at: Date.now(),
    state: "draft", preview_state: preview ? "waiting" : "none", tries: 0,
  };
  const tx = base.transaction("photos", "readwrite", { durability: "strict" });
  await tx.store.put(photo);
  await tx.done;
  changed();
  return { photo, before: false };
}

/** A small JPEG without metadata; nothing if this browser cannot show the photo. */
async function previewOf(original: Blob): Promise<Blob | null> {
  try {
    const bitmap = await createImageBitmap(original, { imageOrientation: "from-image" });
    const scale = Math.min(1, PREVIEW / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d")!.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
  } catch {
    return null;
  }
}

/** Forgets a photo that was taken out of a draft. What belongs to a saved observation or to another draft stays. */
export async function dropDraftPhoto(sha256: string) {
  const base = await db();
  const photo = await base.get("photos", sha256);
  const elsewhere = (await base.getAll("drafts")).some((draft) => draft.photos.includes(sha256));
  if (photo?.state === "draft" && !elsewhere) await base.delete("photos", sha256);
  changed();
}
