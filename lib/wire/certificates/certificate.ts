/** The certificate of a claim: what is known of it, signed by the installation, to be checked without it. */
import { z } from "zod";
import { sha256, time, uuid } from "../base/words.ts";

export const CERTIFICATE_KIND = "holdout-evaluation-certificate";
export const CERTIFICATE_VERSION = 1;
export const CERTIFICATE_CONTENT_TYPE = "application/vnd.holdout.certificate+json";

/** A number, or the kind of why there is none. */
const measured = z.union([z.number(), z.object({ undefined: z.string() })]);

/** A number of a report. `interval`: at the confidence that the evaluation says, both ends included; null: none. */
export const certifiedMetricSchema = z.object({
  metric: z.string(),
  value: measured,
  interval: z.object({ low: z.number(), high: z.number(), method: z.string() }).nullable(),
  samples: z.int(),
});
export type CertifiedMetric = z.infer<typeof certifiedMetricSchema>;

export const certifiedEvaluationSchema = z.object({
  id: uuid,
  split: z.enum(["validation", "test"]),
  splitDigest: sha256,
  samples: z.int(),
  definitionsVersion: z.int(),
  reportDigest: sha256,
  confidence: z.number().nullable(),
  /** Null: whom the certificate was made for may not see them. */
  metrics: z.array(certifiedMetricSchema).nullable(),
});

const ruleSchema = z.object({
  metric: z.string(),
  split: z.enum(["validation", "test"]),
  direction: z.enum(["min", "max"]),
  seeds: z.array(z.int()),
  margin: z.number(),
  writtenBy: z.string(),
  writtenAt: time,
  /** Whether it was written before the first look at the test split or, of a rule on validation, the first evaluation. */
  written: z.enum(["pre-registered", "afterwards"]),
});

export const certificateSchema = z.object({
  kind: z.literal(CERTIFICATE_KIND),
  version: z.literal(CERTIFICATE_VERSION),
  /** SHA-256 of the public key that signed, as 32 raw bytes. */
  key: sha256,
  issuer: z.string(),
  issuedAt: time,
  project: z.object({ id: uuid, name: z.string() }),
  manifest: z.object({
    id: sha256,
    name: z.string(),
    dataset: z.object({ name: z.string(), version: z.string() }),
    method: z.string(),
    seed: z.int().nullable(),
    testDigest: sha256,
    counts: z.object({ train: z.int(), validation: z.int(), test: z.int() }),
    /** The gravest of the checks'; null: they weren't done. */
    verdict: z.string().nullable(),
    checks: z.array(z.object({ name: z.string(), verdict: z.string() })),
    override: z.object({ reason: z.string(), by: z.string(), at: time }).nullable(),
    /** Test samples that the run, or one that its weights come from, trained or tuned on; null: nobody can tell. */
    leakingSamples: z.int().nullable(),
  }),
  looks: z.object({
    count: z.int(),
    /** The newest, at most 500. */
    newest: z.array(
      z.object({ at: time, by: z.string(), run: uuid, purpose: z.string().nullable(), reason: z.string() }),
    ),
  }),
  run: z.object({
    id: uuid,
    name: z.string(),
    seed: z.int().nullable(),
    commit: z.string().nullable(),
    isDirty: z.boolean().nullable(),
    environment: z.record(z.string(), z.string()),
  }),
  checkpoint: z.object({ path: z.string(), sha256, step: z.int() }),
  evaluations: z.array(certifiedEvaluationSchema),
  claim: z.object({
    id: uuid,
    by: z.string(),
    at: time,
    reason: z.string(),
    rule: ruleSchema,
    /** How many candidates were looked at on the rule's split before the claim. */
    candidates: z.int(),
    replaced: uuid.nullable(),
  }),
  signOffs: z.array(z.object({ by: z.string(), at: time, approves: z.boolean(), word: z.string() })),
});
export type Certificate = z.infer<typeof certificateSchema>;

const HEAD = '{"certificate":';
const MIDDLE = ',"signature":"';
const TAIL = '"}';
/** 64 bytes in base64url. */
const SIGNATURE_CHARACTERS = 86;

/**
 * The file of a certificate: its canonical JSON (RFC 8785) beside the signature of exactly these bytes, in base64url. The
 * whole is canonical JSON too, without a line end.
 */
export const certificateFile = (canonical: string, signature: string): string =>
  HEAD + canonical + MIDDLE + signature + TAIL;

export type CertificateCheck = { certificate: Certificate; why: null } | { certificate: null; why: string };

/**
 * Checks the bytes of a certificate's file against a public key (32 raw bytes in base64url) that the caller trusts: never
 * one out of the file. Any byte that differs from what was signed is refused, blanks and order of fields included.
 */
export async function verifyCertificate(file: Uint8Array, publicKey: string): Promise<CertificateCheck> {
  const refused = (why: string): CertificateCheck => ({ certificate: null, why });
  const key = bytesOf(publicKey);
  if (key?.length !== 32) return refused("the key isn't an Ed25519 public key: 32 bytes in base64url");
  const parts = partsOf(file);
  if (parts === null)
    return refused(
      "the file isn't a certificate as it was issued: its first or last bytes are others; download it again",
    );
  const { signed, signature } = parts;
  const imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  if (!(await crypto.subtle.verify("Ed25519", imported, signature, signed)))
    return refused("the signature doesn't fit: the file was changed, or another key signed it");
  const read = certificateSchema.safeParse(JSON.parse(new TextDecoder().decode(signed)));
  if (!read.success)
    return refused(`the signature fits, but this version can't read the certificate: ${z.prettifyError(read.error)}`);
  const id = await keyId(key);
  if (read.data.key !== id) return refused(`the certificate names the key ${read.data.key}, and this one is ${id}`);
  return { certificate: read.data, why: null };
}

/** What a public key (32 raw bytes) is called: its SHA-256. */
export async function keyId(key: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", key));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The bytes between the fixed parts of the file; null where these aren't there to the byte. */
function partsOf(file: Uint8Array): { signed: Uint8Array<ArrayBuffer>; signature: Uint8Array<ArrayBuffer> } | null {
  const end = file.length - TAIL.length - SIGNATURE_CHARACTERS;
  const middle = end - MIDDLE.length;
  if (middle < HEAD.length) return null;
  const isThere = (text: string, at: number) =>
    Array.from(text).every((character, index) => file[at + index] === character.charCodeAt(0));
  if (!isThere(HEAD, 0) || !isThere(MIDDLE, middle) || !isThere(TAIL, file.length - TAIL.length)) return null;
  const signature = bytesOf(String.fromCharCode(...file.subarray(end, end + SIGNATURE_CHARACTERS)));
  return signature === null ? null : { signed: file.slice(HEAD.length, middle), signature };
}

/** The bytes of base64url without padding; null where it isn't exactly what these bytes are written as. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9_-]+$/.test(text) || text.length % 4 === 1) return null;
  const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
  const again = btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
  return again === text ? bytes : null;
}
