/** `register`, and what a training does before its first step: its split is made and registered, or taken as it is. */

import { Unreachable } from "../../../lib/sending/answers.ts";
import type { Manifest } from "../../../lib/wire/data/manifests.ts";
import type { Post } from "../client/spool.ts";
import type { DataConfig } from "../config/data.ts";
import type { Settings } from "../config/settings.ts";
import type { DataSet } from "../data/data.ts";
import { splitSamples } from "../data/split.ts";
import {
  manifestHere,
  readManifest,
  registerManifest,
  requireTakeable,
  type TrainingSamples,
} from "../manifests/manifest.ts";
import { type CommandContext, unlessStopped } from "./context.ts";
import { descriptionOf, readSet } from "./read-set.ts";
import { sayFound } from "./say-manifest.ts";

/** Makes the split of a set, registers it, and says what its checks found. Returns the manifest's id. */
export async function register(context: CommandContext, data: DataConfig, given?: DataSet): Promise<string> {
  const manifest = await registerUnchecked(context, data, given);
  await sayFound(context, manifest);
  return manifest.id;
}

/** The same, without waiting for the checks. */
export async function registerUnchecked(context: CommandContext, data: DataConfig, given?: DataSet): Promise<Manifest> {
  const set = given ?? (await readSet(data));
  const { split, registration } = splitOf(set, data);
  return unlessStopped(context, () => registerManifest(context.target, set, split, registration, context.signal));
}

function splitOf(set: DataSet, data: DataConfig) {
  const split = splitSamples(set, {
    seed: data.splitSeed,
    subset: data.subset,
    testSubset: data.testSubset,
    validationFraction: data.validationFraction,
    testFraction: data.testFraction,
  });
  const { leftOut } = split;
  const cut = [set.test.count > 0 ? null : "Test", isValidated(set) ? null : "Validation"].filter(
    (one) => one !== null,
  );
  const notes = [
    cut.length < 2 ? "Samples that the set's maker put into a split stay in it." : "",
    cut.length > 0 ? `${cut.join(" and ")} ${cut.length > 1 ? "are" : "is"} cut from the others, seeded.` : "",
    leftOut > 0 ? `${leftOut} training samples that share a content or a group with test samples are left out.` : "",
  ];
  const registration = {
    name: data.manifestName ?? `${set.name} ${data.subset ?? set.train.count}`,
    dataset: { name: set.name, version: data.datasetVersion, description: descriptionOf(set) },
    notes: notes.filter(Boolean).join(" "),
  };
  requireTakeable(split, registration);
  return { split, registration };
}

export type PreparedTraining = TrainingSamples & { manifest: string; before: Post[] };

/**
 * The manifest of a training and its samples. Where the server isn't there, or isn't to be asked, the split is
 * made here all the same, and registered with the run once it can be.
 */
export async function prepareTraining(
  context: CommandContext,
  { manifest, data }: Settings,
  set: DataSet,
): Promise<PreparedTraining> {
  if (manifest !== null) return { manifest, ...(await findSamples(context, manifest, set)), before: [] };
  try {
    if (!context.offline) {
      const id = await register(context, data, set);
      return { manifest: id, ...(await findSamples(context, id, set)), before: [] };
    }
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    console.log(`${error.message}: training goes on, and all of it is delivered later`);
  }
  const { split, registration } = splitOf(set, data);
  const { id, posts, ...training } = manifestHere(set, split, registration);
  console.log(
    `Split manifest ${registration.name} (${id.slice(0, 12)}) is made here; its checks run once it is registered`,
  );
  return { manifest: id, ...training, before: posts };
}

/** Whether the set's maker said which samples validate. */
const isValidated = ({ train }: DataSet): boolean => train.facts?.some(({ split }) => split === "validation") ?? false;

/** A manifest's samples in the set; before there is a run that would fail for want of them. */
export const findSamples = (context: CommandContext, manifest: string, set: DataSet): Promise<TrainingSamples> =>
  unlessStopped(context, () => readManifest(context.target, manifest, set, context.signal));
