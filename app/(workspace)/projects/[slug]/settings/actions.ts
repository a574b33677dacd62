"use server";
import { z } from "zod";
import { act, actOn, projectId, runId, textOf } from "@/app/_ui/acts/action.ts";
import type { MadeToken } from "@/app/_ui/domain/tokens/new-token.tsx";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { createToken, revokeToken } from "@/lib/access/tokens.ts";
import { declareMetrics } from "@/lib/projects/declarations.ts";
import { purgeRun } from "@/lib/runs/deleted.ts";
import { updateProject } from "@/lib/settings/project-settings.ts";
import { previewReplicates, type ReplicatesPreview } from "@/lib/table/replicates.ts";
import type { TokenScope } from "@/lib/wire/base/words.ts";
import type { MetricDeclaration } from "@/lib/wire/projects.ts";

export async function describeProjectAction(
  id: string,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> {
  return actOn({ id: projectId }, { id }, async (member, project) => {
    const change = { name: textOf(form, "name").trim(), description: textOf(form, "description") };
    await updateProject(member, project.id, change);
  });
}

export async function choosePrimaryAction(
  id: string,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> {
  return actOn({ id: projectId }, { id }, async (member, project) => {
    await updateProject(member, project.id, {
      primaryMetric: textOf(form, "primaryMetric").trim() || null,
      primarySplit: textOf(form, "primarySplit"),
      primaryDirection: textOf(form, "primaryDirection"),
    });
  });
}

export async function ruleTestSplitAction(
  id: string,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> {
  return actOn({ id: projectId }, { id }, async (member, project) => {
    const testBudget = Number(textOf(form, "testBudget").trim() || Number.NaN);
    await updateProject(member, project.id, { testMode: textOf(form, "testMode"), testBudget });
  });
}

export const allowSharesAction = async (id: string, allowed: boolean): Promise<ActionOutcome> =>
  actOn({ id: projectId, allowed: z.boolean() }, { id, allowed }, async (member, project) => {
    await updateProject(member, project.id, { sharesReports: project.allowed });
  });

/** Prefixes of names, with spaces between them. */
export async function nameMetricsAction(
  id: string,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> {
  const prefixesOf = (field: string) => textOf(form, field).split(/\s+/).filter(Boolean);
  return actOn({ id: projectId }, { id }, async (member, project) => {
    const keyPrefixes = { train: prefixesOf("train"), validation: prefixesOf("validation") };
    await updateProject(member, project.id, { keyPrefixes });
  });
}

export async function smallestDifferenceAction(
  id: string,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> {
  return actOn({ id: projectId }, { id }, async (member, project) => {
    const text = textOf(form, "smallestDifference").trim();
    await updateProject(member, project.id, { smallestDifference: text === "" ? null : Number(text) });
  });
}

export async function chosenManifestAction(
  id: string,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> {
  return actOn({ id: projectId }, { id }, async (member, project) => {
    await updateProject(member, project.id, { chosenManifest: textOf(form, "chosenManifest") || null });
  });
}

export const declareMetricAction = async (id: string, metric: MetricDeclaration): Promise<ActionOutcome> =>
  actOn({ id: projectId }, { id }, async (member, project) => {
    await declareMetrics(member, project.id, { metrics: [metric] });
  });

export const previewReplicatesAction = async (id: string, paths: string[]): Promise<ActionOutcome<ReplicatesPreview>> =>
  actOn({ id: projectId }, { id }, (member, project) => previewReplicates(member, project.id, paths), "keep");

export const ignoreInReplicatesAction = async (id: string, paths: string[]): Promise<ActionOutcome> =>
  actOn({ id: projectId, paths: z.array(z.string()) }, { id, paths }, async (member, project) => {
    await updateProject(member, project.id, { replicateIgnores: project.paths });
  });

/** The secret is in this answer and nowhere else. */
export async function createTokenAction(
  project: string,
  _previous: ActionOutcome<MadeToken> | null,
  form: FormData,
): Promise<ActionOutcome<MadeToken>> {
  return act((member) =>
    createToken(member, project, { name: textOf(form, "name"), scope: textOf(form, "scope") as TokenScope }),
  );
}

export const revokeTokenAction = async (id: string): Promise<ActionOutcome> => act((member) => revokeToken(member, id));

export const purgeRunAction = async (id: string): Promise<ActionOutcome> =>
  actOn({ id: runId }, { id }, (member, run) => purgeRun(member, run.id));
