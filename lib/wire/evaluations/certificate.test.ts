import { createHash, generateKeyPairSync, sign } from "node:crypto";
import canonicalize from "canonicalize";
import fc from "fast-check";
import { expect, test } from "vitest";
import { digestOf, projectId, runId } from "../base/examples.ts";
import { type Certificate, certificateFile, verifyCertificate } from "./certificate.ts";

const at = "2026-01-05T09:00:00.000Z";
const keys = generateKeyPairSync("ed25519");
const publicKey = keys.publicKey.export({ format: "jwk" }).x!;
const rawKey = Buffer.from(publicKey, "base64url");

const certificate: Certificate = {
  kind: "holdout-evaluation-certificate",
  version: 1,
  key: createHash("sha256").update(rawKey).digest("hex"),
  issuer: "https://holdout.example",
  issuedAt: at,
  project: { id: projectId, name: "Zeichen – \u{1F600}" },
  manifest: {
    id: digestOf("a"),
    name: "signs",
    dataset: { name: "signs", version: "1" },
    method: "stratified",
    seed: 1,
    testDigest: digestOf("3"),
    counts: { train: 70, validation: 15, test: 15 },
    verdict: "pass",
    checks: [{ name: "exact-duplicates", verdict: "pass" }],
    override: null,
    leakingSamples: 0,
  },
  looks: { count: 1, newest: [{ at, by: "Ada", run: runId, purpose: "final", reason: "the recipe is settled" }] },
  run: { id: runId, name: "cnn", seed: 7, commit: "0a1b", isDirty: false, environment: { node: "v20.20.2" } },
  checkpoint: { path: "checkpoints/best.safetensors", sha256: digestOf("e"), step: 900 },
  evaluations: [
    {
      id: runId,
      split: "test",
      splitDigest: digestOf("3"),
      samples: 15,
      definitionsVersion: 1,
      reportDigest: digestOf("4"),
      confidence: 0.95,
      metrics: [{ metric: "accuracy", value: 0.9, interval: { low: 0.7, high: 0.97, method: "wilson" }, samples: 15 }],
    },
  ],
  claim: {
    id: runId,
    by: "Ada",
    at,
    reason: "it is the best of three",
    rule: {
      metric: "accuracy",
      split: "test",
      direction: "max",
      seeds: [7],
      margin: 0,
      writtenBy: "Ada",
      writtenAt: at,
      written: "pre-registered",
    },
    candidates: 1,
    replaced: null,
  },
  signOffs: [{ by: "Ben", at, approves: true, word: "" }],
};

const signed = (content: string, key = keys.privateKey) =>
  Buffer.from(certificateFile(content, sign(null, Buffer.from(content), key).toString("base64url")));
const file = signed(canonicalize(certificate)!);

test("a certificate is read by the key that signed it, and its file is JSON", async () => {
  expect(await verifyCertificate(file, publicKey)).toEqual({ certificate, why: null });
  expect(JSON.parse(file.toString())).toEqual({ certificate, signature: expect.any(String) });
});

test("a file with any other byte is refused", async () => {
  const change = fc.tuple(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }));
  await fc.assert(
    fc.asyncProperty(change, async ([place, by]) => {
      const changed = Buffer.from(file);
      changed[place] = changed[place]! ^ by;
      expect((await verifyCertificate(changed, publicKey)).why).not.toBeNull();
    }),
    { numRuns: 500 },
  );
});

test("a file that is cut, longer, or laid out anew is refused", async () => {
  const again = JSON.parse(file.toString());
  const others = [
    file.subarray(0, -1),
    file.subarray(1),
    Buffer.concat([file, Buffer.from("\n")]),
    Buffer.from(JSON.stringify(again, null, 2)),
    Buffer.alloc(0),
    // the last character of 64 bytes in base64url has four bits that say nothing
    Buffer.from(file.toString().replace(/(.)"\}$/, (_, last: string) => `${nextCharacter(last)}"}`)),
  ];
  for (const other of others) expect((await verifyCertificate(other, publicKey)).why).not.toBeNull();
});

const nextCharacter = (last: string) => ({ A: "B", Q: "R", g: "h", w: "x" })[last] ?? "A";

test("another key is refused, and a certificate that names a key which didn't sign it", async () => {
  const other = generateKeyPairSync("ed25519");
  const otherKey = other.publicKey.export({ format: "jwk" }).x!;
  expect((await verifyCertificate(file, otherKey)).why).toMatch("signature");
  expect((await verifyCertificate(file, "abc")).why).toMatch("32 bytes");
  const named = signed(canonicalize(certificate)!, other.privateKey);
  expect((await verifyCertificate(named, otherKey)).why).toMatch("names the key");
});

test("a certificate of another shape is refused though its signature fits", async () => {
  const { claim: _, ...rest } = certificate;
  expect((await verifyCertificate(signed(canonicalize(rest)!), publicKey)).why).toMatch("claim");
});
