/** The look that tells whether a chosen run was chosen by its test number. */
import { connections } from "../../db/connection.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { listSharing } from "../evaluations/sharing-splits.ts";
import { requireLookLeft } from "../evaluations/test-looks.ts";
import { isPickRead, lockLooks, recordLooks } from "../looks/looks.ts";
import { requireManifest } from "../manifests/manifests.ts";
import { ProblemError, parse } from "../problem.ts";
import { requireProject } from "../projects/projects.ts";
import { locateLivingRun } from "../runs/runs.ts";
import { type Doubts, pickLookSchema } from "../wire/doubts.ts";
import { listPicks, readDoubts } from "./doubts.ts";
import { type Pick, sightOfPicks } from "./picks.ts";

/**
 * Records the look, once a run, and answers the doubts with what it tells. Of a run that cites a manifest it is one of its test
 * split's budget. A run that wasn't chosen, or has no test number beside another's, tells nothing, and nothing is recorded.
 * Throws `conflict` past the budget.
 */
export async function lookAtPick(actor: Actor, projectNamed: string, input: unknown): Promise<Doubts> {
  const project = await requireProject(actor, projectNamed);
  authorise(actor, "tests.open", project.id);
  const { run, reason } = parse(pickLookSchema, input);
  const place = await locateLivingRun(actor, run, "runs.read");
  if (place.projectId !== project.id) throw new ProblemError("not-found", `this project has no run ${run}`);
  const pick = (await listPicks(actor, project)).find(({ row }) => row.id === run);
  if (pick && !pick.isRead) {
    await requireSightOfPicks(actor, project.id);
    await recordPickLook(actor, { projectId: project.id, manifestId: place.manifestId, pick, reason });
  }
  return readDoubts(actor, project);
}

async function requireSightOfPicks(actor: Actor, projectId: string): Promise<void> {
  const { looks } = await sightOfPicks(actor, projectId);
  if (looks) return;
  const detail =
    "the project's test mode lets out no more than its evaluations release: what a number chose isn't told";
  throw new ProblemError("forbidden", detail);
}

type PickLook = { projectId: string; manifestId: string | null; pick: Pick; reason: string };

async function recordPickLook(actor: Actor, { projectId, manifestId, pick, reason }: PickLook): Promise<void> {
  const runId = pick.row.id;
  const split = manifestId === null ? null : await splitOf(actor, projectId, manifestId);
  await connections().db.transaction(async (tx) => {
    // of two at once the second finds it recorded
    await lockLooks(tx);
    if (await isPickRead(tx, runId)) return;
    const confirmationId = split ? await requireLookLeft(tx, projectId, split) : null;
    const looker = { projectId, runId, manifestId };
    await recordLooks(tx, actor, looker, { kind: "pick", reasons: [reason], confirmationId });
    const detail = { reason, series: pick.series };
    await recordAct(tx, actor, { action: "pick.look", subject: `run:${runId}`, projectId, detail });
  });
}

async function splitOf(actor: Actor, projectId: string, manifestId: string) {
  const { manifest, number } = await requireManifest(actor, projectId, manifestId);
  const digest = manifest.splitDigests.test;
  return { digest, sharing: await listSharing({ number, digest, count: manifest.counts.test }) };
}
