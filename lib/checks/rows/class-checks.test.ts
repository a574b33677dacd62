/** Shares of classes that chance moved apart, and shares that somebody did. */
import { expect, test } from "vitest";
import { seededRandom } from "../../statistics/resampling/random.ts";
import type { Split } from "../../wire/base/words.ts";
import type { Verdict } from "../../wire/data/checks.ts";
import type { Checked } from "./checked.ts";
import { checkClassBalance, unseenShifts } from "./class-checks.ts";

/** Nothing is read of a set that isn't temporal. */
const checked = { temporal: false } as Checked;
const clustering = { designEffect: 1, units: [] };

async function verdictOf(counts: Record<Split, number[]>): Promise<Verdict> {
  const labels = counts.train.map((_, at) => `class ${at}`);
  const balance = { labels, counts };
  const all = { train: 0, validation: 0, test: 0 };
  for (const split of ["train", "validation", "test"] as const) all[split] = counts[split].reduce((a, b) => a + b, 0);
  const classes = { kind: "classes", balance, names: labels, edges: [] } as const;
  const shifts = unseenShifts(balance, clustering);
  return (await checkClassBalance(checked, { ...classes, edges: [] }, all, { clustering, shifts })).verdict;
}

/** Samples dealt one by one, 70 : 15 : 15, whatever their class. */
function dealt(random: () => number, samples: number, classes: number): Record<Split, number[]> {
  const counts = { train: Array(classes).fill(0), validation: Array(classes).fill(0), test: Array(classes).fill(0) };
  for (let sample = 0; sample < samples; sample++) {
    const place = random();
    counts[place < 0.7 ? "train" : place < 0.85 ? "validation" : "test"][Math.floor(random() * classes)]++;
  }
  return counts;
}

test.each([
  [60, 10],
  [200, 30],
])("of clean splits of %i samples in %i classes none is blocked, and few are warned of", async (samples, classes) => {
  const random = seededRandom(samples);
  const verdicts: Verdict[] = [];
  for (let set = 0; set < 40; set++) verdicts.push(await verdictOf(dealt(random, samples, classes)));
  expect(verdicts.filter((verdict) => verdict === "block")).toEqual([]);
  expect(verdicts.filter((verdict) => verdict === "warn").length).toBeLessThanOrEqual(3);
});

test("a split that has classes in other shares is blocked, however few samples show it", async () => {
  const counts = { train: [40, 2, 0, 0], validation: [0, 0, 5, 5], test: [1, 1, 4, 4] };
  expect(await verdictOf(counts)).toBe("block");
});
