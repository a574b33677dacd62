/** Whether a split was cut from ordered data. Units are looked at, not samples: a group is dealt as one. */
import { homogeneityTest, permutationP } from "../../statistics/hypothesis-tests/homogeneity.ts";
import { type Split, splits } from "../../wire/base/words.ts";
import type { Check } from "../../wire/data/checks.ts";
import type { Checked } from "./checked.ts";
import { type Classes, classIn } from "./classes.ts";

const P_ORDERED = 0.001;
/** Of 20 units in two classes even perfect order has a p of .0014: too few to tell. */
const UNITS_MIN = 30;
/** The most frequent: a rare label adds to the test's cost, and nothing to what it says. */
const LABELS_MAX = 100;
const PERMUTATIONS = 9_999;
/** So many permutations as uneven show that p isn't below the line. */
const PERMUTATIONS_ENOUGH = 20;

/** Units by where the keys put them, a tenth each, by split and by label, which is that of their first sample. */
type Placed = { decile: number; split: Split; label: string | null; n: number };

/** Labels that follow the order of keys, in a split that follows it too, whose labels differ by that: warn. */
export async function checkOrderedData(checked: Checked, { balance, kind, edges }: Classes): Promise<Check> {
  const base = { name: "ordered-data" as const, findings: [], findingCount: 0, figures: {} };
  if (checked.temporal)
    return { ...base, verdict: "not-applicable", statements: [{ kind: "order-is-time", figures: {} }] };
  if (!balance) {
    const why = kind === "many" ? "order-of-many-labels" : "order-without-labels";
    return { ...base, verdict: "not-applicable", statements: [{ kind: why, figures: {} }] };
  }
  const rows = await placeUnits(checked, edges);
  const labelled = rows.filter(({ label }) => label !== null);
  const units = labelled.reduce((sum, { n }) => sum + n, 0);
  if (units < UNITS_MIN)
    return {
      ...base,
      verdict: "cannot-tell",
      statements: [{ kind: "order-of-few", figures: { units } }],
      figures: { units },
    };
  const labelP = pOf(labelled, "decile", "label");
  const splitP = labelP < P_ORDERED ? pOf(rows, "decile", "split") : null;
  const sharesP = splitP !== null && splitP < P_ORDERED ? pOf(labelled, "split", "label") : null;
  const isCut = sharesP !== null && sharesP < P_ORDERED;
  const known = new Set(labelled.map(({ split }) => split));
  const isUnknown = sharesP !== null && !isCut && rows.some(({ split }) => !known.has(split));
  return {
    ...base,
    verdict: isCut ? "warn" : isUnknown ? "cannot-tell" : "pass",
    statements: [{ kind: isUnknown ? "order-unknown" : kindOf({ labelP, splitP, isCut }), figures: {} }],
    figures: { units, labelP, splitP, sharesP },
  };
}

function kindOf({ labelP, splitP, isCut }: { labelP: number; splitP: number | null; isCut: boolean }) {
  if (isCut) return "cut-from-order";
  if (labelP >= P_ORDERED) return "no-order-of-labels";
  return splitP !== null && splitP < P_ORDERED ? "order-in-like-shares" : "order-not-of-split";
}

/** One row a unit: a group, or samples of one content without a group. Chains of them, which go together too, are rare. */
const placeUnits = ({ tx, number }: Checked, edges: number[]) => tx<Placed[]>`
  select decile, split, ${classIn(tx, edges)} as label, count(*)::int as n from (
    select ntile(10) over (order by m.key) as decile, m.split, m.label
    from (select min(key) as key from manifest_samples where manifest_number = ${number}
      group by coalesce(convert_to("group", 'UTF8'), content_hash)) units
    join manifest_samples m on m.manifest_number = ${number} and m.key = units.key) placed
  group by 1, 2, 3 order by 1, 2, 3`;

/** The p-value of a table of two columns being independent; 1 where either has one value alone. */
function pOf(placed: Placed[], row: "decile" | "split", column: "label" | "split"): number {
  const rows = row === "split" ? splits : Array.from({ length: 10 }, (_, decile) => decile + 1);
  const columns = largest(placed, column);
  const place = new Map(columns.map((name, index) => [name, index]));
  const table = rows.map(() => columns.map(() => 0));
  for (const one of placed) {
    const at = place.get(one[column]!);
    if (at !== undefined) table[rows.indexOf(one[row] as never)]![at]! += one.n;
  }
  const kept = table.filter((counts) => counts.some((n) => n > 0));
  if (kept.length < 2 || columns.length < 2) return 1;
  const test = homogeneityTest(kept);
  const isSparse = test.minExpected < 1 || test.shareExpectedBelow5 > 0.2;
  return isSparse
    ? permutationP(kept, { permutations: PERMUTATIONS, seed: 1, enough: PERMUTATIONS_ENOUGH })
    : test.pChi2;
}

function largest(placed: Placed[], column: "label" | "split"): string[] {
  const counts = new Map<string, number>();
  for (const one of placed) counts.set(one[column]!, (counts.get(one[column]!) ?? 0) + one.n);
  return [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1)).slice(0, LABELS_MAX);
}
