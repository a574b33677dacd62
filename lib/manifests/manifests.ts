/** Split manifests: immutable, named by their content, used by projects. */
import { createHash } from "node:crypto";
import { and, asc, eq, gt } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { datasets, manifestRegistrations, manifestSamples, manifests } from "../../db/schema.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { recordAct } from "../audit/audit.ts";
import { ProblemError, parse } from "../problem.ts";
import { requireProject } from "../projects/projects.ts";
import {
  type Manifest,
  type ManifestSamples,
  manifestCreateSchema,
  type manifestMethods,
  type Project,
  type Split,
} from "../wire.ts";
import { canonicalLine, canonicalText, digestManifest, type ManifestEntry } from "./canonical.ts";
import { findDataset } from "./datasets.ts";

/** Registers a manifest for a project. The same content again returns what is there, and stores nothing twice. */
export async function registerManifest(actor: Actor, input: unknown): Promise<Manifest> {
  authorise(actor, "manifests.register");
  const given = parse(manifestCreateSchema, input);
  const project = await requireProject(actor, given.project);
  authorise(actor, "manifests.register", project.id);
  const dataset = await findDataset(given.dataset.name, given.dataset.version);
  if (!dataset)
    throw new ProblemError("invalid", `dataset: ${given.dataset.name} ${given.dataset.version} is not registered`, [
      { field: "dataset", detail: "is not registered; POST it to /api/v1/datasets first" },
    ]);
  const entries = toEntries(given.samples);
  const { id, splits } = digestManifest(entries);
  const { name, method, seed, notes } = given;
  const header = JSON.stringify({ dataset: given.dataset, method, name, notes, seed });
  const headerDigest = createHash("sha256").update(header).digest("hex");
  await connections().db.transaction(async (tx) => {
    const counts = countSplits(entries);
    const [created] = await tx
      .insert(manifests)
      .values({
        id,
        datasetId: dataset.id,
        trainDigest: splits.train,
        validationDigest: splits.validation,
        testDigest: splits.test,
        trainCount: counts.train,
        validationCount: counts.validation,
        testCount: counts.test,
      })
      .onConflictDoNothing()
      .returning();
    if (created) await insertSamples(tx, id, given.samples);
    const [registered] = await tx
      .insert(manifestRegistrations)
      .values({ projectId: project.id, manifestId: id, name, method, seed, notes, headerDigest, createdBy: actor.name })
      .onConflictDoNothing()
      .returning();
    if (registered)
      await recordAct(tx, actor, {
        action: "manifest.register",
        subject: `manifest:${id}`,
        projectId: project.id,
        detail: { name, counts },
      });
  });
  return (await findManifest(project, id))!;
}

const toEntries = (samples: ManifestSamples): ManifestEntry[] =>
  samples.key.map((key, index) => ({
    key,
    split: samples.split[index]!,
    label: samples.label[index] ?? null,
    group: samples.group?.[index] ?? null,
    contentHash: samples.contentHash[index]!,
  }));

function countSplits(entries: ManifestEntry[]): Record<Split, number> {
  const counts = { train: 0, validation: 0, test: 0 };
  for (const { split } of entries) counts[split]++;
  return counts;
}

const ROWS_A_STATEMENT = 5000;

async function insertSamples(tx: Executor, manifestId: string, samples: ManifestSamples): Promise<void> {
  const bytes = (hex: string | undefined) => (hex === undefined ? null : Buffer.from(hex, "hex"));
  for (let start = 0; start < samples.key.length; start += ROWS_A_STATEMENT) {
    const rows = samples.key.slice(start, start + ROWS_A_STATEMENT).map((key, offset) => {
      const index = start + offset;
      const time = samples.time?.[index];
      return {
        manifestId,
        key,
        split: samples.split[index]!,
        label: samples.label[index] ?? null,
        group: samples.group?.[index] ?? null,
        time: time ? new Date(time) : null,
        byteHash: bytes(samples.byteHash?.[index]),
        contentHash: bytes(samples.contentHash[index])!,
      };
    });
    await tx.insert(manifestSamples).values(rows);
  }
}

/** One manifest as a project registered it; null if it didn't. */
export async function getManifest(
  actor: Actor,
  projectNamed: string | undefined,
  id: string,
): Promise<Manifest | null> {
  const project = await requireProject(actor, projectNamed);
  authorise(actor, "manifests.read", project.id);
  return findManifest(project, id);
}

async function findManifest(project: Project, id: string): Promise<Manifest | null> {
  const [found] = await connections()
    .db.select()
    .from(manifestRegistrations)
    .innerJoin(manifests, eq(manifests.id, manifestRegistrations.manifestId))
    .innerJoin(datasets, eq(datasets.id, manifests.datasetId))
    .where(and(eq(manifestRegistrations.projectId, project.id), eq(manifestRegistrations.manifestId, id)));
  if (!found) return null;
  const { manifests: content, manifest_registrations: registration, datasets: dataset } = found;
  return {
    id,
    project: project.slug,
    name: registration.name,
    dataset: { name: dataset.name, version: dataset.version },
    method: registration.method as (typeof manifestMethods)[number],
    seed: registration.seed,
    notes: registration.notes,
    headerDigest: registration.headerDigest,
    splitDigests: { train: content.trainDigest, validation: content.validationDigest, test: content.testDigest },
    counts: { train: content.trainCount, validation: content.validationCount, test: content.testCount },
    createdAt: registration.createdAt.toISOString(),
  };
}

/** The canonical text of a manifest, piece by piece in the order of the keys' bytes. */
export async function* readCanonicalText(
  actor: Actor,
  projectNamed: string | undefined,
  id: string,
): AsyncGenerator<string> {
  const manifest = await getManifest(actor, projectNamed, id);
  if (!manifest) throw new ProblemError("not-found", "this project has registered no manifest with that id");
  yield canonicalText([]);
  let after: string | null = null;
  for (;;) {
    const rows: (typeof manifestSamples.$inferSelect)[] = await connections()
      .db.select()
      .from(manifestSamples)
      .where(and(eq(manifestSamples.manifestId, id), after === null ? undefined : gt(manifestSamples.key, after)))
      .orderBy(asc(manifestSamples.key))
      .limit(ROWS_A_STATEMENT);
    yield rows
      .map((row) => canonicalLine({ ...row, contentHash: Buffer.from(row.contentHash).toString("hex") }))
      .join("");
    const last = rows.at(-1);
    if (!last || rows.length < ROWS_A_STATEMENT) return;
    after = last.key;
  }
}
