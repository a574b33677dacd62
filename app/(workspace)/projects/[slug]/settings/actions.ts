"use server";
import { act, textOf } from "@/app/_ui/action.ts";
import type { Outcome } from "@/app/_ui/outcome.ts";
import { createToken, revokeToken } from "@/lib/access/tokens.ts";
import { declareMetrics } from "@/lib/metrics/declarations.ts";
import { purgeRun } from "@/lib/runs/deleted.ts";
import { updateProject } from "@/lib/settings/project-settings.ts";
import { previewReplicates, type ReplicatesPreview } from "@/lib/table/replicates.ts";
import type { MetricDeclaration, TokenScope } from "@/lib/wire.ts";

export async function describeProjectAction(id: string, _previous: Outcome | null, form: FormData): Promise<Outcome> {
  return act(async (member) => {
    await updateProject(member, id, { name: textOf(form, "name").trim(), description: textOf(form, "description") });
  });
}

export async function choosePrimaryAction(id: string, _previous: Outcome | null, form: FormData): Promise<Outcome> {
  return act(async (member) => {
    await updateProject(member, id, {
      primaryMetric: textOf(form, "primaryMetric").trim() || null,
      primarySplit: textOf(form, "primarySplit"),
      primaryDirection: textOf(form, "primaryDirection"),
    });
  });
}

export const declareMetricAction = async (projectId: string, metric: MetricDeclaration): Promise<Outcome> =>
  act(async (member) => {
    await declareMetrics(member, projectId, { metrics: [metric] });
  });

export const previewReplicatesAction = async (id: string, paths: string[]): Promise<Outcome<ReplicatesPreview>> =>
  act((member) => previewReplicates(member, id, paths), "keep");

export const ignoreInReplicatesAction = async (id: string, paths: string[]): Promise<Outcome> =>
  act(async (member) => {
    await updateProject(member, id, { replicateIgnores: paths });
  });

export type NewToken = { id: string; secret: string };

/** The secret is in this answer and nowhere else. */
export async function createTokenAction(
  projectId: string,
  _previous: Outcome<NewToken> | null,
  form: FormData,
): Promise<Outcome<NewToken>> {
  return act((member) =>
    createToken(member, { projectId, name: textOf(form, "name"), scope: textOf(form, "scope") as TokenScope }),
  );
}

export const revokeTokenAction = async (id: string): Promise<Outcome> => act((member) => revokeToken(member, id));

export const purgeRunAction = async (id: string): Promise<Outcome> => act((member) => purgeRun(member, id));
