/** Which series a name of a metric means where a program has no splits, and says them in names: MLflow's clients, imports. */
import type { SeriesName } from "./series-name.ts";

/** What a name begins with, and the split that this says; the rest is the metric. */
const prefixes: readonly (readonly [RegExp, "validation" | "test"])[] = [
  [/^(?:val|valid|validation|eval)[_/](?=.)/, "validation"],
  [/^test[_/](?=.)/, "test"],
];

/**
 * `val_loss`, `validation/loss` and `eval_loss` are the loss in validation; `test_loss` is one in the test split, which is
 * quarantined and counted as a look. Every other name is a metric of no split. A project's own rule will stand here.
 */
export function seriesOfKey(key: string): SeriesName {
  for (const [prefix, split] of prefixes) if (prefix.test(key)) return { split, metric: key.replace(prefix, "") };
  return { split: null, metric: key };
}

/** The series that a client may mean by a name: what the rule says, or what it goes by where no client named it. */
export function seriesMeantBy(key: string): SeriesName[] {
  const ruled = seriesOfKey(key);
  const whole: SeriesName[] = ruled.split === null ? [] : [{ split: ruled.split, metric: key }];
  const [, split, metric] = /^(train|validation)\/(.+)$/.exec(key) ?? [];
  const plain: SeriesName[] = split && metric ? [{ split: split as "train" | "validation", metric }] : [];
  return [ruled, ...whole, ...plain, { split: null, metric: key }];
}
