/** `split`: a whole set is registered, split and checked by the server. */
import type { SplitSettings } from "../config/data.ts";
import type { DataSet } from "../data/data.ts";
import { allSamples } from "../data/split.ts";
import { completeDataset, registerDataset, requireSamples } from "../manifests/dataset.ts";
import { requestSplit, type SplitRequest } from "../manifests/manifest.ts";
import { type CommandContext, unlessStopped } from "./context.ts";
import { descriptionOf, readSet } from "./read-set.ts";
import { sayFound } from "./say-manifest.ts";

/** Quantile bins of numbers to be told, where nobody says how many. */
const REGRESSION_BINS = 10;

/**
 * Registers a whole set and has the server split and check it. Returns the manifest's id, or those of a k-fold's folds: a
 * run cites one of them.
 */
export async function splitCommand(context: CommandContext, settings: SplitSettings): Promise<string[]> {
  const set = await readSet(settings, { isTrained: false });
  const dataset = { name: set.name, version: settings.datasetVersion };
  requireSamples(allSamples(set), { ...dataset, description: descriptionOf(set) });
  console.log(`Registering ${set.train.count + set.test.count} samples of ${set.name} ${dataset.version} …`);
  const made = await unlessStopped(context, async () => {
    const { target, signal } = context;
    const given = { ...dataset, description: descriptionOf(set) };
    await completeDataset(target, await registerDataset(target, set, allSamples(set), given, signal), signal);
    const { method, splitSeed: seed } = settings;
    const name = settings.manifestName ?? `${set.name} ${method}`;
    return requestSplit(target, { name, dataset, method, seed, options: splitOptionsOf(set, settings) }, signal);
  });
  for (const manifest of made) await sayFound(context, manifest);
  const [whole, ...folds] = made.map(({ id }) => id);
  if (folds.length === 0) return [whole!];
  console.log(`A run cites one of these ${folds.length} folds (--manifest ID); the whole has no validation samples:`);
  return folds;
}

function splitOptionsOf(set: DataSet, settings: SplitSettings): SplitRequest["options"] {
  const { keep, assignment, folds, gapSeconds, method } = settings;
  const apart = set.test.count > 0 && keep.includes("test");
  const shares = (settings.fractions ?? (apart ? "85/15/0" : "70/15/15")).split("/");
  const [train = 0, validation = 0, test = 0] = shares.map((share) => Number(share) / 100);
  const binned = set.task === "regression" && method.startsWith("stratified");
  const quantileBins = settings.quantileBins ?? (binned ? REGRESSION_BINS : null);
  return { fractions: { train, validation, test }, keep, assignment, folds, gapSeconds, quantileBins };
}
