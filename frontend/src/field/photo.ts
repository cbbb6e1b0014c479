// A photo as it comes from the camera: hashed at once, kept as it is; then a preview is made for people who cannot open it.
import { LIMITS, isPhoto } from "./limits";
import { here } from "./place";
import { changePhoto, changed, db, isFull, type Draft, type Photo } from "./store";
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
 * Keeps a photo under its digest and in the draft that it was taken for, in one transaction; its preview is due from then on. Returns
 * whether the same one was here before, for another finding.
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
  const photo: Photo = {
    sha256, original: new Blob([bytes], { type: file.type }), preview: null, type: file.type, size: file.size, name: file.name, login: draft.login, made_at: Date.now(),
    state: "draft", preview_state: "due",
  };
  const [position, place] = [draft.position, here()];
  const tx = base.transaction(["photos", "drafts"], "readwrite", { durability: "strict" });
  // The draft on the screen has it at once: what is entered while it is being written is written with it.
  draft.photos = [...draft.photos, sha256];
  if (place) draft.position = { ...place };
  try {
    await Promise.all([before ? undefined : tx.objectStore("photos").put(photo), tx.objectStore("drafts").put(draft), tx.done]);
  } catch (fault) {
    draft.photos = draft.photos.filter((one) => one !== sha256);
    if (position) draft.position = position;
    else delete draft.position;
    // What was entered meanwhile may have named it.
    await base.put("drafts", draft).catch(() => undefined);
    throw fault;
  }
  changed();
  return before;
}

/** How often the preview of a photo is begun: a phone that breaks down over it, breaks down twice. */
const TRIES = 2;

/** The photo with its preview, which is made here if it is still due; by one tab at a time, since it takes much memory. Nothing if there is no such photo. */
export const withPreview = (sha256: string) => navigator.locks.request("yuekao-field-preview", async (): Promise<Photo | undefined> => {
  const photo = await (await db()).get("photos", sha256);
  if (photo?.preview_state !== "due" || !photo.original) return photo;
  const tries = (photo.tries ?? 0) + 1;
  const note = (change: Partial<Photo>) => changePhoto(sha256, change).catch((fault) => {
    if (!isFull(fault)) throw fault;
  });
  if (tries <= TRIES) await note({ tries });
  const preview = tries <= TRIES ? await previewOf(photo.original) : null;
  const made: Partial<Photo> = { preview, preview_state: preview ? "waiting" : "none" };
  await note(made);
  changed();
  return { ...photo, ...made };
});

/** Makes the previews that are due: of photos just taken, and of those that an app which was killed did not come to. Returns how many. */
export async function makePreviews(): Promise<number> {
  const base = await db();
  const photos = [...(await base.getAllFromIndex("photos", "state", "draft")), ...(await base.getAllFromIndex("photos", "state", "waiting"))];
  const due = photos.filter((photo) => photo.preview_state === "due");
  for (const { sha256 } of due) await withPreview(sha256);
  return due.length;
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
  const photos = draft.photos.filter((one) => one !== sha256);
  const tx = (await db()).transaction(["photos", "drafts"], "readwrite");
  await tx.objectStore("drafts").put({ ...draft, photos });
  const [photo, drafts] = [await tx.objectStore("photos").get(sha256), await tx.objectStore("drafts").getAll()];
  if (photo?.state === "draft" && !drafts.some((one) => one.photos.includes(sha256))) await tx.objectStore("photos").delete(sha256);
  await tx.done;
  draft.photos = photos;
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
