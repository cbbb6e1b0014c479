// What the server takes: nothing is kept here that it would refuse. A test of the server holds `limits.json` against it.
import LIMITS from "./limits.json";

export { LIMITS };

/** A number as keyboards write it: full-width digits, and the comma of some. */
export const typed = (text: string) =>
  text.replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0)).replace(/[，,。．]/g, ".").replace(/[^0-9.]/g, "");

/** A decimal as the server takes it; null if there is none, undefined if it is no number. */
export function decimal(text: string): string | null | undefined {
  if (!text.trim()) return null;
  const [, whole = "", fraction = ""] = /^(\d*)(?:\.(\d*))?$/.exec(text.trim()) ?? [];
  if (!whole && !fraction) return undefined;
  const number = `${whole || "0"}${fraction && `.${fraction}`}`;
  return number.length <= LIMITS.number ? number : undefined;
}

/** Whether a file begins like a photo: JPEG, PNG or HEIC. */
export function isPhoto(bytes: ArrayBuffer): boolean {
  const head = new Uint8Array(bytes.slice(0, 12));
  const begins = (...signature: number[]) => signature.every((byte, at) => head[at] === byte);
  const text = String.fromCharCode(...head);
  return begins(0xff, 0xd8, 0xff) || begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
    || (text.slice(4, 8) === "ftyp" && LIMITS.heic.includes(text.slice(8, 12)));
}
