/** Which series a name of a metric means where a program has no splits, and says them in names: MLflow's clients, imports. */
import { z } from "zod";
import { isTestSeries } from "./series.ts";
import type { SeriesName } from "./series-name.ts";

/** A prefix ends where a word does, so that no other word loses its beginning. */
const separator = /[_/.:-]/;
const PREFIX_MAX = 50;
const prefixes = z
  .array(
    z
      .string()
      .regex(/^[^\s\p{C}]{1,49}[_/.:-]$/u, "a prefix has 2 to 50 characters, no spaces, and ends with one of _ / . : -")
      .refine((prefix) => !isTestSeries(null, prefix), "what names a test is quarantined, and means no other split"),
  )
  .max(20)
  .refine((given) => new Set(given).size === given.length, "expected each prefix once");

/** What a project's names of metrics begin with where they mean a split. */
export const keyPrefixesSchema = z
  .object({ train: prefixes, validation: prefixes })
  .refine(({ train, validation }) => !train.some((prefix) => validation.includes(prefix)), {
    message: "a prefix means one split",
    path: ["validation"],
  });
export type KeyPrefixes = z.infer<typeof keyPrefixesSchema>;

/** A project's, until an admin changes them. */
export const DEFAULT_PREFIXES: KeyPrefixes = {
  train: [],
  validation: ["val_", "val/", "valid_", "valid/", "validation_", "validation/", "eval_", "eval/"],
};

/** What names a number of the test split, whatever a project's prefixes are. */
const tests = [/^test[_/](?<metric>.+)$/, /^(?<metric>.+)[_/]test$/];

/**
 * `val_loss`, `validation/loss` and `eval_loss` are the loss in validation, by the project's prefixes, of which the longest
 * counts; `test_loss` and `loss_test` are the loss in the test split, which is quarantined and counted as a look. Every
 * other name is a metric of no split.
 */
export function seriesOfKey(key: string, { train, validation }: KeyPrefixes = DEFAULT_PREFIXES): SeriesName {
  for (const pattern of tests) {
    const metric = pattern.exec(key)?.groups?.metric;
    if (metric) return { split: "test", metric };
  }
  const all = [
    ...train.map((prefix) => ["train", prefix] as const),
    ...validation.map((prefix) => ["validation", prefix] as const),
  ];
  const meant = all.filter(([, prefix]) => key.startsWith(prefix) && key.length > prefix.length);
  const [split, prefix] = meant.sort(([, one], [, other]) => other.length - one.length)[0] ?? [null, ""];
  return { split, metric: key.slice(prefix.length) };
}

/**
 * The series that a client may mean by a name, by whatever prefixes its project had when the series was made: the name cut
 * where a prefix may end, the whole of it, and what it goes by where no client named it.
 */
export function seriesMeantBy(key: string): SeriesName[] {
  const cuts = [...key.slice(0, PREFIX_MAX)].flatMap((_, at) => {
    const metric = key.slice(at + 1);
    return at > 0 && metric !== "" && separator.test(key[at]!) ? [metric] : [];
  });
  const splits = ["train", "validation"] as const;
  return [
    ...splits.flatMap((split) => [...cuts, key].map((metric) => ({ split, metric }))),
    { split: null, metric: key },
  ];
}
