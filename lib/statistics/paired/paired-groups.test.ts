import { expect, test } from "vitest";
import { confusionOf, marginsOf } from "../classification/confusion.ts";
import {
  bootstrapGroupedConfusion,
  groupedCells,
  jackknifeGroupedConfusion,
} from "../classification/confusion-bootstrap.ts";
import { macroF1 } from "../classification/per-class.ts";
import { signFlipTest } from "../hypothesis-tests/sign-flip.ts";
import { standardDeviation } from "../moments.ts";
import { seededNormal, seededRandom } from "../resampling/random.ts";
import { bootstrapPairedConfusion, jackknifePairedConfusion, pairedConfusionOf } from "./paired-confusion.ts";
import { bootstrapPairedGroups, jackknifePairedGroups, swapGroupsTest } from "./paired-groups.ts";
import { swapTest } from "./swap-test.ts";

const random = seededRandom(6);
const truth = Array.from({ length: 300 }, () => Math.floor(random() * 3));
const guess = (right: number) => truth.map((label) => (random() < right ? label : (label + 1) % 3));
const [a, b] = [guess(0.85), guess(0.78)];
const cellsOf = (answers: number[], group: number[], groups: number) =>
  groupedCells(truth, answers, { group, groups, classes: 3 });

test("groups of one sample have the law of samples, alone and in pairs", () => {
  const alone = truth.map((_, at) => at);
  const paired = { a: cellsOf(a, alone, 300), b: cellsOf(b, alone, 300) };
  const samples = pairedConfusionOf(truth, { a, b }, 3);
  const draw = { resamples: 2_000, seed: 1 };
  const groups = bootstrapPairedGroups(paired, draw, macroF1);
  const [ofSamples] = bootstrapPairedConfusion(samples, draw, [macroF1]);
  expect(Math.abs(standardDeviation(groups) / standardDeviation(ofSamples!) - 1)).toBeLessThan(0.08);
  const options = { permutations: 1_999, seed: 1 };
  const [p, q] = [swapGroupsTest(paired, options, macroF1), swapTest(samples, options, macroF1)] as { p: number }[];
  expect(Math.abs(p!.p - q!.p)).toBeLessThan(0.02);
  const jackknife = jackknifePairedGroups(paired, macroF1).values;
  const [cells] = jackknifePairedConfusion(samples, [macroF1]);
  for (const at of [0, 7, 250]) {
    const without = (column: number[]) => column.filter((_, other) => other !== at);
    const of = (answers: number[]) => macroF1(confusionOf(without(truth), without(answers), 3));
    expect(jackknife[at]).toBeCloseTo(of(a) - of(b), 12);
    const cell = [...samples.truth.keys()].find(
      (one) => samples.truth[one] === truth[at] && samples.a[one] === a[at] && samples.b[one] === b[at],
    )!;
    expect(cells!.values[cell]).toBeCloseTo(of(a) - of(b), 12);
  }
});

test("whole groups are drawn and left out", () => {
  const group = truth.map((_, at) => Math.floor(at / 100));
  const cells = cellsOf(a, group, 3);
  const seen = new Set<number>();
  bootstrapGroupedConfusion(cells, { resamples: 40, seed: 1 }, [
    (margins) => {
      seen.add(margins.total);
      return 0;
    },
  ]);
  expect([...seen]).toEqual([300]);
  const { values } = jackknifeGroupedConfusion(cells, macroF1);
  const rest = (column: number[]) => column.slice(100);
  expect(values[0]).toBeCloseTo(macroF1(marginsOf(confusionOf(rest(truth), rest(a), 3))), 12);
});

test("of many differences the law of flipped signs is the flips'", () => {
  const normal = seededNormal(seededRandom(2));
  const few = Array.from({ length: 5_000 }, () => normal() + 0.025);
  const many = [...few, 1e-9, -1e-9];
  const [drawn, known] = [signFlipTest(few, { permutations: 4_000 }), signFlipTest(many)] as {
    p: number;
    flips: number | null;
  }[];
  expect([drawn!.flips, known!.flips]).toEqual([4_000, null]);
  expect(Math.abs(drawn!.p - known!.p)).toBeLessThan(0.025);
});
