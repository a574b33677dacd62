/** Whether a run may be evaluated on a manifest's test split: nothing that shaped its weights may stand in there. */
import { z } from "zod";
import type { Actor } from "../access/actor.ts";
import { findLeak } from "../manifests/leak.ts";
import { requireManifest } from "../manifests/manifests.ts";
import { ProblemError, parse } from "../problem.ts";
import { type Ancestor, listAncestry } from "../runs/lineage.ts";
import { locateRun } from "../runs/runs.ts";
import { sha256 } from "../wire/base/words.ts";
import type { Manifest } from "../wire/data/manifests.ts";
import type { Evaluable, Reason } from "../wire/evaluations/evaluable.ts";
import { reasonWords } from "../words/evaluable-words.ts";

/** Of the listed samples, those that a refusal names. */
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
  const errors = reasons.map((reason) => ({ field: reason.field, detail: reasonWords(reason) }));
  const why = errors.map(({ detail }) => detail).join("; ");
  throw new ProblemError(
    "conflict",
    `run ${runId} can't be evaluated on the test split of manifest ${manifestId}: ${why}`,
    errors,
  );
}

function whyUnusable({ name, verdict, override, counts }: Manifest): Reason[] {
  const figures = { manifest: name };
  const reasons: Reason[] = [];
  if (counts.test === 0) reasons.push({ kind: "empty", field: "manifest", figures });
  if (verdict === null) reasons.push({ kind: "unchecked", field: "manifest", figures });
  if (verdict === "block" && !override) reasons.push({ kind: "blocked", field: "manifest", figures });
  return reasons;
}

const whyUncited = ({ id, name }: Ancestor, runId: string): Reason => ({
  kind: "uncited",
  field: "run",
  figures: { from: id === runId ? null : { run: id, name } },
});

const whyLeaking = ({ count, samples }: Evaluable["leak"], { name, counts }: Manifest): Reason => ({
  kind: "leak",
  field: "manifest",
  figures: {
    manifest: name,
    tests: counts.test,
    leaking: count,
    first: samples.slice(0, NAMED).map(({ key }) => key),
  },
});
