import { expect, test } from "vitest";
import { seededRandom } from "../statistics/resampling/random.ts";
import { findNearRows } from "./near-rows.ts";
import { placeRows, pointOf, RowTree, type Table } from "./row-space.ts";

const normal = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Rows of a person's measures, which go together; the last column is a word. */
function measures(n: number, seed: number): Table {
  const random = seededRandom(seed);
  const cells = Array.from({ length: n }, () => {
    const [size, age] = [normal(random), 20 + 60 * random()];
    const numbers = [
      170 + 9 * size + normal(random),
      70 + 12 * size + 5 * normal(random),
      age,
      120 + 0.4 * age + 8 * normal(random),
    ];
    return [...numbers.map(String), String(4 + normal(random)), random() < 0.5 ? "female" : "male"];
  });
  return { names: ["height", "weight", "age", "pressure", "glucose", "sex"], cells };
}
const splitOf = (n: number) => Array.from({ length: n }, (_, row) => (row % 10 < 7 ? 0 : row % 10 === 7 ? 1 : 2));
const contentOf = ({ cells }: Table) => cells.map((row) => row.join());

test("neighbours in a k-d tree are those of a search through all rows", () => {
  const table = measures(700, 3);
  const space = placeRows(table);
  const tree = new RowTree(
    space,
    Uint32Array.from({ length: 700 }, (_, row) => row),
  );
  const distance = (a: number, b: number) => {
    const [one, other] = [pointOf(space, a), pointOf(space, b)];
    const squares = Array.from(one.numbers, (value, d) => (value - other.numbers[d]!) ** 2);
    const words = Array.from(one.words, (word, w) => Number(word !== other.words[w]));
    return Math.sqrt([...squares, ...words].reduce((sum, value) => sum + value, 0));
  };
  for (let row = 0; row < 700; row += 53) {
    const all = Array.from({ length: 700 }, (_, other) => distance(row, other));
    const nearest = tree.nearest(pointOf(space, row), 10, (other) => other !== row);
    const expected = all.filter((_, other) => other !== row).sort((a, b) => a - b);
    for (const [at, found] of nearest.entries()) expect(found).toBeCloseTo(expected[at]!, 9);
    const inside: number[] = [];
    tree.within(pointOf(space, row), 1, (other) => inside.push(other));
    expect(inside.sort((a, b) => a - b)).toEqual(all.flatMap((apart, other) => (apart <= 1 ? [other] : [])));
  }
});

test("copies of rows that were rounded or lie under noise are found, and nothing else is", () => {
  const table = measures(2000, 5);
  const split = splitOf(2000);
  expect(findNearRows(table, split, contentOf(table), 1000).pairs).toEqual([]);
  const random = seededRandom(8);
  const planted: string[] = [];
  for (let copy = 0; copy < 120; copy++) {
    const [train, test] = [copy * 10, copy * 10 + 8];
    const alter = (text: string) =>
      copy % 2 ? String(Number(Number(text).toPrecision(3))) : String(Number(text) * (1 + 0.0005 * normal(random)));
    table.cells[test] = table.cells[train]!.map((text, column) => (column === 5 ? text : alter(text)));
    planted.push(`${train} ${test}`);
  }
  const { pairs, recalls } = findNearRows(table, split, contentOf(table), 1000);
  const found = pairs.map(({ a, b }) => `${a} ${b}`);
  expect(found.filter((pair) => !planted.includes(pair))).toEqual([]);
  expect(found.length / planted.length).toBeGreaterThan(0.9);
  const recallOf = (kind: string) => {
    const { found, of } = recalls.find((recall) => recall.kind === kind)!;
    return found / of;
  };
  expect(recallOf("rounded")).toBeGreaterThan(0.95);
  // a person with another age is another person
  expect(recallOf("one-column")).toBeLessThan(0.2);
});

test("where copies are most of test, they are found as where they are few", () => {
  const table = measures(1000, 6);
  const split = splitOf(1000);
  for (let row = 8; row < 1000; row += 10)
    for (const test of [row, row + 1])
      table.cells[test] = table.cells[test - 8]!.map((text, column) =>
        column === 5 ? text : String(Number(text) * 1.0001),
      );
  expect(findNearRows(table, split, contentOf(table), 1000).pairs.length).toBeGreaterThan(180);
});
