/** The certificate of a claim: what is known of it, as canonical JSON, signed. */
import canonicalize from "canonicalize";
import type { Actor } from "../access/actor.ts";
import { getReport } from "../checks/report.ts";
import { readLedger } from "../evaluations/ledger.ts";
import { askEvaluable } from "../evaluations/may-evaluate.ts";
import { requireManifest } from "../manifests/manifests.ts";
import { origin } from "../origin.ts";
import { requireRun } from "../runs/runs.ts";
import {
  CERTIFICATE_KIND,
  CERTIFICATE_VERSION,
  type Certificate,
  certificateFile,
} from "../wire/certificates/certificate.ts";
import type { Claim, Evidence } from "../wire/champions.ts";
import type { Project } from "../wire/projects.ts";
import { requireChampion } from "./champion.ts";
import { presentClaims } from "./history.ts";
import { openSigner } from "./signing-key.ts";

/** The signed file of the claim that is asked for, with the numbers that the actor may see. Throws as `requireChampion` does. */
export async function makeCertificate(
  actor: Actor,
  projectNamed: string,
  query: unknown,
): Promise<{ name: string; file: string }> {
  const { project, standing } = await requireChampion(actor, projectNamed, query);
  const [claim] = await presentClaims(actor, project.id, [standing]);
  const signer = await openSigner();
  const canonical = canonicalize(await contentOf(actor, { project, claim: claim!, key: signer.id }))!;
  const name = `${project.slug}-claim-${claim!.number}.certificate.json`;
  return { name, file: certificateFile(canonical, signer.sign(Buffer.from(canonical))) };
}

type Certified = { project: Project; claim: Claim; key: string };

async function contentOf(actor: Actor, { project, claim, key }: Certified): Promise<Certificate> {
  const { run, checkpoint } = await describeRun(actor, claim);
  return {
    kind: CERTIFICATE_KIND,
    version: CERTIFICATE_VERSION,
    key,
    issuer: origin(),
    issuedAt: new Date().toISOString(),
    project: { id: project.id, name: project.name },
    manifest: await describeManifest(actor, project.id, claim),
    looks: await describeLooks(actor, project.id, claim.manifest),
    run,
    checkpoint,
    evaluations: claim.evidence.map(certifyEvidence),
    claim: {
      id: claim.id,
      by: claim.claimedBy,
      at: claim.claimedAt,
      reason: claim.reason,
      rule: certifyRule(claim),
      candidates: claim.candidates,
      replaced: claim.replaced,
    },
    signOffs: claim.signOffs,
  };
}

const certifyRule = ({ rule: { id: _, ...rule }, written }: Claim): Certificate["claim"]["rule"] => ({
  ...rule,
  written,
});

async function describeManifest(actor: Actor, projectId: string, claim: Claim): Promise<Certificate["manifest"]> {
  const [{ manifest }, report, { reasons, leak }] = await Promise.all([
    requireManifest(actor, projectId, claim.manifest),
    getReport(actor, projectId, claim.manifest),
    askEvaluable(actor, claim.run.id, { manifest: claim.manifest }),
  ]);
  const { id, name, dataset, method, seed, counts, verdict, override, splitDigests } = manifest;
  return {
    id,
    name,
    dataset,
    method,
    seed,
    testDigest: splitDigests.test,
    counts,
    verdict,
    checks: report.checks.map((check) => ({ name: check.name, verdict: check.verdict })),
    override,
    leakingSamples: reasons.some(({ kind }) => kind === "uncited") ? null : leak.count,
  };
}

async function describeLooks(actor: Actor, projectId: string, manifestId: string): Promise<Certificate["looks"]> {
  const { count, looks } = await readLedger(actor, projectId, manifestId);
  const newest = looks.map(({ at, actor: by, run, purpose, reason }) => ({ at, by, run: run.id, purpose, reason }));
  return { count, newest };
}

async function describeRun(actor: Actor, claim: Claim): Promise<Pick<Certificate, "run" | "checkpoint">> {
  const { id, name, seed, code, environment } = await requireRun(actor, claim.run.id);
  const { path, sha256, step } = claim.checkpoint;
  return {
    run: { id, name, seed, commit: code?.commit ?? null, isDirty: code?.dirty ?? null, environment },
    checkpoint: { path, sha256, step },
  };
}

const certifyEvidence = ({
  evaluation,
  run: _,
  metrics,
  ...evidence
}: Evidence): Certificate["evaluations"][number] => ({
  ...evidence,
  id: evaluation,
  metrics:
    metrics === null
      ? null
      : metrics.map(({ metric, value, interval, samples }) => ({
          metric,
          value: typeof value === "number" ? value : { undefined: value.undefined },
          interval:
            "undefined" in interval ? null : { low: interval.low, high: interval.high, method: interval.method },
          samples,
        })),
});
