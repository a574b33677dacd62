/** What a run of W&B logged: of each step a record, whose numbers are points. */
import type { Json } from "../../../../lib/wire/base/config.ts";
import { numberIn } from "../python.ts";
import type { Intake } from "../series.ts";
import { isMedia, leavesOf } from "../table/rows.ts";
import type { Item } from "./record.ts";

type Nested = { [key: string]: Json };

/** Keys of W&B's own: step, time and how long it ran; `_wandb` and others that it keeps for itself. */
const isOwn = (key: string): boolean => key.startsWith("_");
const MEDIA =
  "a picture, table, histogram or another of W&B's media: no point (its file, where it has one, is the run's)";
const NO_NUMBER = "no number: a text, a list or true or false";

export class History {
  firstAt: number | null = null;
  lastAt: number | null = null;
  #lastStep = 0;
  readonly #keys = new Set<string>();

  constructor(readonly intake: Intake) {}

  add(items: Item[], recorded: number | null): void {
    const leaves = items.flatMap((item) => [...leavesIn(item)]);
    const own = new Map(leaves.filter(([key]) => isOwn(key)));
    const seconds = numberIn(own.get("_timestamp"));
    const time = seconds === null ? (this.lastAt ?? 0) : Math.round(seconds * 1000);
    const step = numberIn(own.get("_step")) ?? recorded ?? Number.NaN;
    if (seconds !== null) {
      this.firstAt = Math.min(this.firstAt ?? time, time);
      this.lastAt = Math.max(this.lastAt ?? time, time);
    }
    if (step > this.#lastStep) this.#lastStep = step;
    const media = mediaIn(leaves);
    for (const key of media) this.intake.refuse(key, MEDIA);
    for (const [key, value] of leaves) {
      if (isOwn(key) || isBelow(media, key)) continue;
      this.#keys.add(key);
      const number = numberIn(value);
      if (number === null) this.intake.refuse(key, NO_NUMBER);
      else this.intake.add(key, step, time, number);
    }
  }

  /** A number that somebody put into the summary and never logged is one point, at the last step. */
  addSummary(summary: Nested): void {
    for (const [key, value] of leavesOf(summary)) {
      const number = isMedia(value) || typeof value === "string" ? null : numberIn(value);
      if (number !== null && !isOwn(key) && !this.#isLogged(key))
        this.intake.add(key, this.#lastStep, this.lastAt ?? 0, number);
    }
  }

  /** W&B's own summaries of what is logged have names of their own below it: `loss.min`. */
  #isLogged(key: string): boolean {
    return this.#keys.has(key) || this.#keys.has(key.replace(/\.(min|max|mean|last|best|first)$/, ""));
  }
}

function* leavesIn({ path, value }: Item): Generator<[string, Json]> {
  const key = path.join(".");
  if (typeof value === "object" && value !== null && !Array.isArray(value) && !isMedia(value))
    yield* leavesOf(value, `${key}.`);
  else yield [key, value];
}

/** Keys of media: an object that says its type, or keys of which one ends with `._type`. */
const mediaIn = (leaves: [string, Json][]): Set<string> =>
  new Set(
    leaves.flatMap(([key, value]) =>
      isMedia(value) ? [key] : key.endsWith("._type") ? [key.slice(0, -"._type".length)] : [],
    ),
  );

function isBelow(media: Set<string>, key: string): boolean {
  if (media.size === 0) return false;
  for (let at = key.length; at > 0; at = key.lastIndexOf(".", at - 1)) if (media.has(key.slice(0, at))) return true;
  return false;
}
