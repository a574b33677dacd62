import type { Alteration, Recall } from "../wire/checks.ts";

export const alterationWords: Record<Alteration, string> = {
  "re-encoded": "re-encoded (JPEG 85)",
  "re-encoded-strongly": "re-encoded strongly (JPEG 40)",
  brighter: "brighter by 30 of 255",
  mirrored: "mirrored",
  noisy: "with noise of deviation 10 of 255",
  resized: "resized to 85 %",
  "resized-to-half": "resized to half",
  shifted: "shifted by a pixel",
  cropped: "cropped by 3 %",
};

/** A kind of copies is told where nine in ten are found. */
const TOLD_FROM = 0.9;
/** Re-encoded copies are the least that a search must find: where surely fewer are, it tells nothing. */
const RE_ENCODED_FROM = 0.95;

export const isTold = ({ planted, found }: Recall): boolean => found >= planted * TOLD_FROM;

/** Whether the search misses copies that are as good as the same. */
export const isWeak = (recall: Recall[]): boolean =>
  recall.some(({ kind, high }) => kind === "re-encoded" && high < RE_ENCODED_FROM);

const whole = (share: number): string => `${Math.round(share * 100)}`;

/** Such as `98 % (95–99 %)`. */
export const shareWords = ({ planted, found, low, high }: Recall): string =>
  `${whole(found / planted)} % (${whole(low)}–${whole(high)} %)`;

/** What it finds of re-encoded copies, and which kinds it can't tell. Empty where nothing was planted. */
export function imageRecallWords(recall: Recall[]): string {
  const encoded = recall.find(({ kind }) => kind === "re-encoded");
  if (!encoded) return "";
  const untold = recall
    .filter((one) => !isTold(one) && one !== encoded)
    .map((one) => `${alterationWords[one.kind]}: ${shareWords(one)}`);
  return (
    `Of ${encoded.planted} planted copies of these images it finds ${shareWords(encoded)} re-encoded.` +
    (untold.length > 0 ? ` It can't tell copies of these kinds: ${untold.join("; ")}.` : "")
  );
}
