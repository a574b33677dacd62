/** How the classes' shares move over time: what a split that is cut by time may differ by without any fault. */

import type { TransactionSql } from "postgres";
import { connections } from "../../../db/connection.ts";
import type { Actor } from "../../access/actor.ts";
import { requireManifest } from "../../manifests/manifests.ts";
import { tvd } from "../../statistics/hypothesis-tests/distances.ts";
import { sum } from "../../statistics/sum.ts";
import type { Split } from "../../wire/base/words.ts";
import type { Checked } from "./checked.ts";
import { type Balance, type Classes, classIn, readClasses } from "./classes.ts";

/** Samples of one stretch of time, as many as of any other; `split` is the one that most of them are in. */
export type Stretch = { from: string; to: string; split: Split /** `[labels]` */; counts: number[] };

const STRETCHES_SHOWN = 24;
const STRETCHES_OF_TRAIN = 40;
/** A split that takes more of the time than this has no stretches of train beside it to compare with. */
const WINDOW_MAX = STRETCHES_OF_TRAIN / 2;

/** Labelled samples by stretch of time; empty where fewer than two stretches have a time, or nothing is to compare. */
export async function getSharesOverTime(actor: Actor, projectNamed: string, manifestId: string): Promise<Stretch[]> {
  const { number } = await requireManifest(actor, projectNamed, manifestId);
  const stretches = (await connections().sql.begin("read only", async (tx) => {
    const classes = await readClasses(tx, number);
    return classes.balance ? readStretches(tx, number, classes, STRETCHES_SHOWN) : [];
  })) as Stretch[];
  return stretches.length < 2 ? [] : stretches;
}

type Cell = { stretch: number; name: string; n: number; from: Date; to: Date; split: Split };

async function readStretches(
  tx: TransactionSql,
  number: number,
  { names, edges }: Classes,
  stretches: number,
  only?: Split,
): Promise<Stretch[]> {
  const rows = await tx<Cell[]>`
    select stretch, ${classIn(tx, edges)} as name, count(*)::int as n, min(min("time")) over whole as from,
      max(max("time")) over whole as to, max(mode() within group (order by split)) over whole as split
    from (select ntile(${stretches}) over (order by "time", key) as stretch, split, label, "time"
      from manifest_samples where manifest_number = ${number} and "time" is not null and label is not null
      ${only ? tx`and split = ${only}` : tx``}) placed
    group by 1, 2 window whole as (partition by stretch) order by 1, 2`;
  const found = new Map<number, Stretch>();
  for (const { stretch, name, n, from, to, split } of rows) {
    const one = found.get(stretch) ?? {
      from: from.toISOString(),
      to: to.toISOString(),
      split,
      counts: names.map(() => 0),
    };
    one.counts[names.indexOf(name)] = n;
    found.set(stretch, one);
  }
  return [...found.values()];
}

type Told = Classes & { balance: Balance };

/** Counts of each class in every stretch of train that is as long as the split; none where that can't be said. */
async function windowsOfTrain({ tx, number }: Checked, classes: Told, split: Split): Promise<number[][]> {
  const { counts } = classes.balance;
  const stretches = await readStretches(tx, number, classes, STRETCHES_OF_TRAIN, "train");
  const window = Math.max(1, Math.round((STRETCHES_OF_TRAIN * sum(counts[split])) / sum(counts.train)));
  if (stretches.length < STRETCHES_OF_TRAIN || window > WINDOW_MAX) return [];
  return Array.from({ length: stretches.length + 1 - window }, (_, from) =>
    classes.names.map((_, at) => sum(stretches.slice(from, from + window).map((one) => one.counts[at]!))),
  );
}

/**
 * By how much stretches of train as long as the split differ from the rest of train, at most: the total variation
 * distance, 0–1. Null where the samples of train have no times, or the split is longer than half of it.
 */
export async function usualShift(checked: Checked, classes: Told, split: Split): Promise<number | null> {
  const windows = await windowsOfTrain(checked, classes, split);
  const { train } = classes.balance.counts;
  const distances = windows.map((inside) =>
    tvd(
      inside,
      train.map((n, at) => Math.max(0, n - inside[at]!)),
    ),
  );
  return distances.length === 0 ? null : Math.max(...distances);
}

/** Labels that some stretch of train as long as the split lacks, though train has them. */
export async function absentFor(checked: Checked, classes: Told, split: Split): Promise<string[]> {
  const windows = await windowsOfTrain(checked, classes, split);
  const { labels, counts } = classes.balance;
  return labels.filter((_, at) => counts.train[at]! > 0 && windows.some((inside) => inside[at] === 0));
}
