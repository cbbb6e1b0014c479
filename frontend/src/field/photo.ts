// A photo as it comes from the camera: hashed at once, kept as it is, with a preview for people who cannot open it.
import { LIMITS, isPhoto } from "./limits";
import { here } from "./place";
import { changed, db, type Draft, type Photo } from "./store";
import type { Key } from "./words";

const PREVIEW = 1280;

const hex = (bytes: ArrayBuffer) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** A file that the server would not take; `key`: the sentence that says so. */
export class NoPhoto extends Error {
  constructor(readonly key: Key) {
    super(key);
  }
}

/**
 * Keeps a photo under its digest and in the draft that it was taken for, in one transaction. Returns whether the same one was here
 * before, for another finding.
 */
export async function keepPhoto(file: File, draft: Draft): Promise<boolean> {
  if (file.size > LIMITS.photo_bytes) throw new NoPhoto("photoTooLarge");
  // Read whole: a File is only a promise of bytes that the camera app may take back.
  const bytes = await file.arrayBuffer();
  if (!isPhoto(bytes)) throw new NoPhoto("photoKind");
  const sha256 = hex(await crypto.subtle.digest("SHA-256", bytes));
  if (draft.photos.includes(sha256)) return false;
  const base = await db();
  const known = await base.get("photos", sha256);
  const before = known !== undefined && known.state !== "refused";
  const original = new Blob([bytes], { type: file.type });
  const preview = before ? null : await previewOf(original);
  const photo: Photo = {
    sha256, original, preview, type: file.type, size: file.size, name: file.name, login: draft.login, made_at: Date.now(),
    state: "draft", preview_state: preview ? "waiting" : "none",
  };
  const tx = base.transaction(["photos", "drafts"], "readwrite", { durability: "strict" });
  const kept: Draft = { ...draft, photos: [...draft.photos, sha256] };
  const position = here();
  if (position) kept.position = { ...position };
  await Promise.all([before ? undefined : tx.objectStore("photos").put(photo), tx.objectStore("drafts").put(kept), tx.done]);
  Object.assign(draft, kept);
  changed();
  return before;
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

/** Takes a photo out of a draft, and forgets it unless a saved observation or another draft has it. */
export async function dropPhoto(draft: Draft, sha256: string) {
  draft.photos = draft.photos.filter((one) => one !== sha256);
  const tx = (await db()).transaction(["photos", "drafts"], "readwrite");
  await tx.objectStore("drafts").put(draft);
  const [photo, drafts] = [await tx.objectStore("photos").get(sha256), await tx.objectStore("drafts").getAll()];
  if (photo?.state === "draft" && !drafts.some((one) => one.photos.includes(sha256))) await tx.objectStore("photos").delete(sha256);
  await tx.done;
  changed();
}

/** Forgets a draft with those of its photos that nothing else has. */
export async function dropDraft(draft: Draft) {
  const tx = (await db()).transaction(["photos", "drafts"], "readwrite");
  await tx.objectStore("drafts").delete([draft.login, draft.assignment, draft.indicator]);
  const drafts = await tx.objectStore("drafts").getAll();
  for (const sha256 of draft.photos) {
    const photo = await tx.objectStore("photos").get(sha256);
    if (photo?.state === "draft" && !drafts.some((one) => one.photos.includes(sha256))) await tx.objectStore("photos").delete(sha256);
  }
  await tx.done;
  changed();
}
