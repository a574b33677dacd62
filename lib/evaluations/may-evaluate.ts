/** Whether a run may be evaluated on a manifest's test split: nothing that shaped its weights may stand in there. */
import { z } from "zod";
import type { Actor } from "../access/actor.ts";
import { findLeak } from "../manifests/leak.ts";
import { requireManifest } from "../manifests/manifests.ts";
import { ProblemError, parse } from "../problem.ts";
import { type Ancestor, listAncestry } from "../runs/lineage.ts";
import { locateRun } from "../runs/runs.ts";
import { sha256 } from "../wire/base/words.ts";
import type { Evaluable } from "../wire/evaluations.ts";
import type { Manifest } from "../wire/manifests.ts";

type Reason = Evaluable["reasons"][number];

/** Of the listed samples, those that the words of a refusal name. */
const NAMED = 5;

const askedSchema = z.object({ manifest: sha256 });

/**
 * Whether a run may be evaluated on the test split of a manifest of its project, and all that stands against it. What a
 * run that its weights began as was trained on counts as its own.
 */
export async function askEvaluable(actor: Actor, runId: string, query: unknown): Promise<Evaluable> {
  const { manifest: manifestId } = parse(askedSchema, query);
  const { projectId } = await locateRun(actor, runId, "runs.read");
  const asked = await requireManifest(actor, projectId, manifestId);
  const ancestry = await listAncestry(runId);
  const leak = await findLeak(
    asked,
    ancestry.flatMap((ancestor) => ancestor.manifestId ?? []),
  );
  const reasons = [
    ...whyUnusable(asked.manifest),
    ...ancestry.filter((ancestor) => ancestor.manifestId === null).map((ancestor) => whyUncited(ancestor, runId)),
    ...(leak.count > 0 ? [whyLeaking(leak, asked.manifest)] : []),
  ];
  return { run: runId, manifest: manifestId, evaluable: reasons.length === 0, reasons, leak };
}

/** Throws `conflict` with all that stands against it, unless a run may be evaluated on the manifest's test split. */
export async function requireEvaluable(actor: Actor, runId: string, manifestId: string): Promise<void> {
  const { evaluable, reasons } = await askEvaluable(actor, runId, { manifest: manifestId });
  if (evaluable) return;
  const why = reasons.map(({ detail }) => detail).join("; ");
  throw new ProblemError(
    "conflict",
    `run ${runId} can't be evaluated on the test split of manifest ${manifestId}: ${why}`,
    reasons.map(({ field, detail }) => ({ field, detail })),
  );
}

function whyUnusable({ name, verdict, override, counts }: Manifest): Reason[] {
  const reasons: Reason[] = [];
  if (counts.test === 0) reasons.push({ kind: "empty", field: "manifest", detail: `${name} has no test sample` });
  if (verdict === null)
    reasons.push({
      kind: "unchecked",
      field: "manifest",
      detail: `${name} is not checked yet, and its checks may block it`,
    });
  if (verdict === "block" && !override)
    reasons.push({
      kind: "blocked",
      field: "manifest",
      detail: `its checks block ${name}; repair it, or have a member override the block in writing on its page`,
    });
  return reasons;
}

function whyUncited({ id, name }: Ancestor, runId: string): Reason {
  const who = id === runId ? "the run" : `${name ?? `run ${id}`}, which its weights come from,`;
  const why = name === null ? "is gone" : "cites no manifest";
  return { kind: "uncited", field: "run", detail: `${who} ${why}: nobody knows which samples it was trained on` };
}

function whyLeaking({ count, samples }: Evaluable["leak"], { name, counts }: Manifest): Reason {
  const named = samples.slice(0, NAMED).map(({ key }) => key);
  const more = count > named.length ? ` and ${count - named.length} more` : "";
  return {
    kind: "leak",
    field: "manifest",
    detail: `of the ${counts.test} test samples of ${name}, ${count} stood in train or validation of what the run, or a run that its weights come from, cites: ${named.join(", ")}${more}`,
  };
}
