import { statSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { type Actor, systemActor } from "../access/actor.ts";
import { newManifestOf } from "../evaluations/test-evaluation.ts";
import { newMember, newProject, newToken, prepareWorkspace } from "../test-workspace.ts";
import { verifyCertificate } from "../wire/certificates/certificate.ts";
import type { Project } from "../wire/projects.ts";
import { makeCard, makeCardText } from "./card.ts";
import { makeCertificate } from "./certificate.ts";
import { claimChampion } from "./claim.ts";
import { listSigningKeys } from "./signing-key.ts";
import { accuracyRule, newAnswering } from "./test-champion.ts";

prepareWorkspace();

let project: Project;
let ada: Actor;
const truth = Array.from({ length: 10 }, (_, at) => (at % 2 === 0 ? "cat" : "dog"));

beforeAll(async () => {
  ada = (await newMember("member")).actor;
  project = await newProject("Signs");
  const keys = truth.map((_, at) => `t${at}`);
  const manifest = await newManifestOf(
    project,
    keys.map((key, at) => ({ key, split: "test", label: truth[at]! })),
  );
  const answers = truth.map((label, at) => (at === 0 ? "dog" : label));
  const { run, evaluation } = await newAnswering(project, { manifest, split: "test", keys, answers });
  const rule = { ...accuracyRule, split: "test" as const };
  await claimChampion(ada, project.id, { run, evidence: [evaluation], rule, reason: "the | only `one` <b>here</b>" });
});

const keyNow = async () => {
  const { current, keys } = await listSigningKeys(systemActor);
  return keys.find(({ id }) => id === current)!.publicKey;
};

test("a certificate holds what is known of the claim, and the listed key proves it", async () => {
  const { file, name } = await makeCertificate(ada, project.id, {});
  expect(name).toBe("signs-claim-1.certificate.json");
  const { certificate } = await verifyCertificate(Buffer.from(file), await keyNow());
  expect(certificate).toMatchObject({
    project: { name: "Signs" },
    looks: { count: 1, newest: [{ reason: "to compare two" }] },
    manifest: { counts: { test: 10 }, leakingSamples: 0 },
    claim: { by: ada.name, rule: { metric: "accuracy", written: "afterwards" }, candidates: 1 },
  });
  expect(certificate!.manifest.checks.length).toBeGreaterThan(5);
  expect(certificate!.evaluations[0]!.metrics![0]).toMatchObject({ metric: "accuracy", value: 0.9, samples: 10 });
});

test("certificate and card leave a test number out for a token that may not see it", async () => {
  const { actor } = await newToken(project, "read");
  const { file } = await makeCertificate(actor, project.id, {});
  const { certificate } = await verifyCertificate(Buffer.from(file), await keyNow());
  expect(certificate!.evaluations.map(({ metrics }) => metrics)).toEqual([null]);
  const card = await makeCard(actor, project.id, {});
  expect(card.limits).toContain("hidden-numbers");
  for (const text of [file, await makeCardText(actor, project.id, {})]) expect(text).not.toMatch(/0\.9\D/);
});

test("the private key is its owner's alone, and after another key came the first stays listed and still proves", async () => {
  const { file } = await makeCertificate(ada, project.id, {});
  const before = await listSigningKeys(ada);
  expect(statSync(path.join(process.env.HOLDOUT_DATA_DIR!, "signing-key")).mode & 0o777).toBe(0o600);
  process.env.HOLDOUT_SIGNING_KEY = Buffer.alloc(32, 7).toString("base64url");
  try {
    const after = await listSigningKeys(ada);
    expect(after.current).not.toBe(before.current);
    expect(after.keys.map(({ id }) => id)).toEqual([before.current, after.current]);
    const old = after.keys.find(({ id }) => id === before.current)!;
    expect((await verifyCertificate(Buffer.from(file), old.publicKey)).why).toBeNull();
    const renewed = await makeCertificate(ada, project.id, {});
    expect((await verifyCertificate(Buffer.from(renewed.file), await keyNow())).why).toBeNull();
  } finally {
    delete process.env.HOLDOUT_SIGNING_KEY;
  }
});

test("the card says limits and leakage by kind, and its Markdown takes what people wrote as text", async () => {
  const card = await makeCard(ada, project.id, {});
  expect(card.leakage.map(({ kind, answer }) => `${kind} ${answer}`)).toEqual([
    "test-set pass",
    "preprocessing not-recorded",
    "feature-selection not-recorded",
    expect.stringMatching(/^duplicates /),
    "illegitimate-features not-recorded",
    expect.stringMatching(/^time /),
    expect.stringMatching(/^groups /),
    expect.stringMatching(/^sampling /),
  ]);
  expect(card.limits).toEqual(expect.arrayContaining(["one-seed", "rule-afterwards", "unsigned", "no-code"]));
  expect(card.limits).not.toContain("no-test");
  const text = await makeCardText(ada, project.id, {});
  expect(text).toContain("the \\| only \\`one\\` \\<b\\>here\\</b\\>");
  expect(text).toContain("| Accuracy | 0.9000 (");
});
