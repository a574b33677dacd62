"use server";
import { redirect } from "next/navigation";
import { act, textOf } from "@/app/_ui/action.ts";
import type { Outcome } from "@/app/_ui/outcome.ts";
import { completeDataset, createDataset } from "@/lib/manifests/datasets.ts";
import { registerManifest } from "@/lib/manifests/manifests.ts";
import { judgePairs } from "@/lib/manifests/near-pairs.ts";
import { overrideManifest, repairManifest, retryChecks } from "@/lib/manifests/report.ts";
import { fractionPresets } from "@/lib/wire.ts";

const pageOf = (slug: string, id: string) => `/projects/${encodeURIComponent(slug)}/manifests/${id}`;

/** Registers an open dataset of the project for a file to be uploaded into. Returns its id. */
export async function createDatasetAction(
  project: string,
  given: { name: string; version: string; temporal: boolean },
): Promise<Outcome<string>> {
  return act(async (member) => (await createDataset(member, { ...given, project })).id, "keep");
}

export async function completeDatasetAction(id: string): Promise<Outcome> {
  return act(async (member) => void (await completeDataset(member, id)), "keep");
}

/** Makes the manifest that the form describes and goes to its page. */
export async function makeManifestAction(slug: string, _previous: Outcome | null, form: FormData): Promise<Outcome> {
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
    redirect(pageOf(slug, manifest.id));
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

export async function overrideAction(
  projectId: string,
  manifest: string,
  _previous: Outcome | null,
  form: FormData,
): Promise<Outcome> {
  return act((member) => overrideManifest(member, projectId, manifest, { reason: textOf(form, "reason") }));
}

export async function judgePairsAction(
  projectId: string,
  manifest: string,
  said: { pairs: [string, string][]; same: boolean; families?: boolean },
): Promise<Outcome> {
  return act(async (member) => void (await judgePairs(member, projectId, manifest, said)));
}

/** Makes the repaired manifest and goes to its page. */
export async function repairAction(slug: string, projectId: string, manifest: string): Promise<Outcome> {
  return act(async (member) => {
    const repaired = await repairManifest(member, projectId, manifest);
    redirect(pageOf(slug, repaired.id));
  });
}

export async function retryChecksAction(projectId: string, manifest: string): Promise<Outcome> {
  return act((member) => retryChecks(member, projectId, manifest));
}
