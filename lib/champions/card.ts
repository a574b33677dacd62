/** The card of a champion, from what is stored of its run, manifest, checks, looks and claim. */
import { z } from "zod";
import type { Actor } from "../access/actor.ts";
import { listCheckpoints } from "../artifacts/checkpoints.ts";
import { getReport } from "../checks/report.ts";
import { readLedger } from "../evaluations/ledger.ts";
import { requireManifest } from "../manifests/manifests.ts";
import { origin, runLink } from "../origin.ts";
import { parse } from "../problem.ts";
import { listAncestry } from "../runs/lineage.ts";
import { requireRun } from "../runs/runs.ts";
import type { CardLimit, ChampionCard, LeakageAnswer, LeakageKind } from "../wire/champion-card.ts";
import type { Checkpoint } from "../wire/checkpoints.ts";
import type { CheckName, ManifestReport, Verdict } from "../wire/data/checks.ts";
import type { Manifest } from "../wire/data/manifests.ts";
import { cardMarkdown } from "../words/champions/card-words.ts";
import { readComparison, requireChampion } from "./champion.ts";
import { presentClaims } from "./history.ts";
import { loadInPython, loadInTypescript } from "./load-weights.ts";

/** The card of the claim that is asked for. Throws as `requireChampion` does. */
export async function makeCard(actor: Actor, projectNamed: string, query: unknown): Promise<ChampionCard> {
  const { project, standing } = await requireChampion(actor, projectNamed, query);
  const [[claim], comparison, { manifest }, run, ledger, report, checkpoints, ancestry] = await Promise.all([
    presentClaims(actor, project.id, [standing]),
    readComparison(actor, project.id, standing),
    requireManifest(actor, project.id, standing.claim.manifestId),
    requireRun(actor, standing.claim.runId),
    readLedger(actor, project.id, standing.claim.manifestId),
    getReport(actor, project.id, standing.claim.manifestId),
    listCheckpoints(actor, standing.claim.runId),
    listAncestry(standing.claim.runId),
  ]);
  const { path, sha256, step } = claim!.checkpoint;
  const url = `${origin()}/api/v1/runs/${run.id}/artifacts/${path.split("/").map(encodeURIComponent).join("/")}`;
  const checkpoint = checkpoints.find(({ id }) => id === claim!.checkpoint.id) ?? null;
  const looks = { count: ledger.count, budget: ledger.budget, mode: ledger.mode };
  const card = {
    project: { id: project.id, slug: project.slug, name: project.name },
    claim: claim!,
    comparison,
    run: {
      id: run.id,
      name: run.name,
      notes: run.notes,
      seed: run.seed,
      config: run.config,
      commit: run.code?.commit ?? null,
      repository: run.code?.repository ?? null,
      environment: run.environment,
      url: runLink(project.slug, run.id),
    },
    weights: { path, sha256, step, url },
    manifest: describeManifest(manifest),
    looks,
    leakage: answerLeakage(manifest, report, checkpoint),
    lineage: ancestry
      .filter(({ id }) => id !== run.id)
      .map(({ id, name, manifestId }) => ({ id, name, manifest: manifestId })),
    load: { typescript: loadInTypescript(url), python: loadInPython(url) },
  };
  return { ...card, limits: limitsOf(card, run.code) };
}

/** The same as Markdown. */
export const makeCardText = async (actor: Actor, projectNamed: string, query: unknown): Promise<string> =>
  cardMarkdown(await makeCard(actor, projectNamed, query));

const formatSchema = z.enum(["json", "markdown"]).default("json");
export const cardFormat = (given: string | null): "json" | "markdown" =>
  parse(z.object({ format: formatSchema }), { format: given ?? undefined }).format;

const describeManifest = ({
  id,
  name,
  dataset,
  method,
  splitDigests,
  counts,
  override,
}: Manifest): ChampionCard["manifest"] => ({
  id,
  name,
  dataset,
  method,
  testDigest: splitDigests.test,
  counts,
  override: override?.reason ?? null,
});

/** By Kapoor and Narayanan's kinds: what the checks, or the checkpoint, can answer. */
function answerLeakage(
  manifest: Manifest,
  { checks }: ManifestReport,
  checkpoint: Checkpoint | null,
): ChampionCard["leakage"] {
  const ofChecks = (...names: CheckName[]): LeakageAnswer => {
    const found = checks.filter(({ name }) => names.includes(name)).map(({ verdict }) => verdict);
    return gravest(found);
  };
  const { preprocessing } = checkpoint ?? { preprocessing: null };
  const isOnTrain = preprocessing?.fittedOn === manifest.splitDigests.train;
  const answers: Record<LeakageKind, LeakageAnswer> = {
    "test-set": manifest.counts.test > 0 ? "pass" : "warn",
    preprocessing: preprocessing === null ? "not-recorded" : isOnTrain ? "pass" : "block",
    "feature-selection": "not-recorded",
    duplicates: ofChecks("exact-duplicates", "near-duplicates"),
    "illegitimate-features": "not-recorded",
    time: ofChecks("time-order"),
    groups: ofChecks("groups"),
    sampling: ofChecks("class-balance", "missing-classes"),
  };
  return (Object.keys(answers) as LeakageKind[]).map((kind) => ({ kind, answer: answers[kind] }));
}

const order: Verdict[] = ["block", "warn", "cannot-tell", "pass", "not-applicable"];
const gravest = (found: Verdict[]): LeakageAnswer => order.find((verdict) => found.includes(verdict)) ?? "not-recorded";

function limitsOf(
  { claim, run, looks, manifest }: Omit<ChampionCard, "limits">,
  code: { dirty: boolean } | null,
): CardLimit[] {
  const holds: Record<CardLimit, boolean> = {
    "no-test": !claim.evidence.some(({ split }) => split === "test"),
    "one-seed": claim.rule.seeds.length < 2,
    "best-of-several": claim.candidates > 1,
    "rule-afterwards": claim.written === "afterwards",
    unproven: claim.standing === "unproven",
    unsigned: claim.state !== "signed",
    overridden: manifest.override !== null,
    "many-looks": looks.mode !== "open" && looks.count > looks.budget,
    "changed-code": code?.dirty === true,
    "no-code": run.commit === null,
    "hidden-numbers": claim.evidence.some(({ metrics }) => metrics === null),
  };
  return (Object.keys(holds) as CardLimit[]).filter((limit) => holds[limit]);
}
