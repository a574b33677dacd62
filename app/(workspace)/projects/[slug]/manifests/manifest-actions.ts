"use server";
import { redirect } from "next/navigation";
import { z } from "zod";
import { act, actOn, projectId, textOf } from "@/app/_ui/acts/action.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { manifestHref } from "@/app/paths.ts";
import { judgePairs } from "@/lib/checks/near/near-pairs.ts";
import { overrideManifest, repairManifest, retryChecks } from "@/lib/checks/report.ts";
import { completeDataset, createDataset, findReading } from "@/lib/datasets/datasets.ts";
import { registerRefereeSplit } from "@/lib/manifests/referee-split.ts";
import { registerManifest } from "@/lib/manifests/register.ts";
import type { TableReading } from "@/lib/wire/alike/table-columns.ts";
import { sha256 } from "@/lib/wire/base/words.ts";
import { fractionPresets } from "@/lib/wire/data/manifests.ts";

/** Registers an open dataset of the project for a file to be uploaded into. Returns its id. */
export async function createDatasetAction(
  project: string,
  given: { name: string; version: string; temporal: boolean },
): Promise<ActionOutcome<string>> {
  return act(async (member) => (await createDataset(member, { ...given, project })).id, "keep");
}

/** How the newest version of a dataset of this name was read from its file; null: there is none. */
export async function keptReadingAction(project: string, name: string): Promise<ActionOutcome<TableReading | null>> {
  return actOn(
    { project: z.string(), name: z.string().max(200) },
    { project, name },
    (member, given) => findReading(member, given.project, given.name),
    "keep",
  );
}

export async function completeDatasetAction(id: string): Promise<ActionOutcome> {
  return actOn(
    { id: z.string() },
    { id },
    async (member, given) => void (await completeDataset(member, given.id)),
    "keep",
  );
}

/** Makes the manifest that the form describes and goes to its page. */
export async function makeManifestAction(
  slug: string,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> {
  return act(async (member) => {
    const text = (name: string) => textOf(form, name).trim();
    const number = (name: string) => (text(name) === "" ? undefined : Number(text(name)));
    const dataset = new URLSearchParams(text("dataset"));
    const manifest = await registerManifest(member, {
      project: slug,
      name: text("name"),
      dataset: { name: dataset.get("name"), version: dataset.get("version") },
      method: text("method"),
      seed: number("seed") ?? null,
      notes: text("notes"),
      options: {
        fractions: fractionsOf(form),
        assignment: text("assignment") || undefined,
        folds: number("folds"),
        gapSeconds: number("gapSeconds"),
        quantileBins: number("quantileBins") ?? null,
        keep: form instanceof FormData ? form.getAll("keep") : [],
      },
    });
    redirect(manifestHref(slug, manifest.id));
  });
}

/** Undefined where the form asks for none. */
function fractionsOf(form: FormData): unknown {
  const preset = textOf(form, "fractions");
  if (preset === "") return undefined;
  if (preset in fractionPresets) return fractionPresets[preset as keyof typeof fractionPresets];
  const share = (name: string) => Number(textOf(form, name)) / 100;
  return { train: share("train"), validation: share("validation"), test: share("test") };
}

/** A manifest of a project. */
const aManifest = { project: projectId, manifest: sha256 };

export async function overrideAction(
  project: string,
  manifest: string,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> {
  return actOn(aManifest, { project, manifest }, (member, given) =>
    overrideManifest(member, given.project, given.manifest, { reason: textOf(form, "reason") }),
  );
}

/** Draws the manifest's referee split, as the form asks. */
export async function refereeSplitAction(
  project: string,
  manifest: string,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> {
  return actOn(aManifest, { project, manifest }, async (member, given) => {
    const asked = { share: Number(textOf(form, "share")) / 100, seed: Number(textOf(form, "seed")) };
    await registerRefereeSplit(member, given.project, given.manifest, asked);
  });
}

export async function judgePairsAction(
  project: string,
  manifest: string,
  said: { pairs: [string, string][]; same: boolean; families?: boolean },
): Promise<ActionOutcome> {
  return actOn(aManifest, { project, manifest }, async (member, given) => {
    await judgePairs(member, given.project, given.manifest, said);
  });
}

/** Makes the repaired manifest and goes to its page. */
export async function repairAction(slug: string, project: string, manifest: string): Promise<ActionOutcome> {
  return actOn({ ...aManifest, slug: z.string() }, { project, manifest, slug }, async (member, given) => {
    const repaired = await repairManifest(member, given.project, given.manifest);
    redirect(manifestHref(given.slug, repaired.id));
  });
}

export async function retryChecksAction(project: string, manifest: string): Promise<ActionOutcome> {
  return actOn(aManifest, { project, manifest }, (member, given) => retryChecks(member, given.project, given.manifest));
}
