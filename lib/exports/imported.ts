/**
 * What came with exports of other projects and installations: evaluations, claims and overrides, kept as they came. No result,
 * champion or permission is made of them: pages show them as the word of where they are from, and exports carry them on.
 */
import { createHash } from "node:crypto";
import { and, asc, desc, eq, inArray, isNull } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { connections, type Executor } from "../../db/connection.ts";
import { inPieces } from "../../db/pieces.ts";
import { importedRecords } from "../../db/schema/imported.ts";
import { runs } from "../../db/schema/runs.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { sightOf } from "../evaluations/sight.ts";
import { addImportedLooks, lockLooks, readLooksNamed } from "../looks/looks.ts";
import { invalid, parse } from "../problem.ts";
import { requireProject } from "../projects/projects.ts";
import {
  type ImportedRecord,
  type RecordsImported,
  recordKinds,
  recordSchema,
  recordsImportSchema,
} from "../wire/exports.ts";

type Kind = ImportedRecord["kind"];
type RecordOf<Of extends Kind> = Extract<ImportedRecord, { kind: Of }>;
/** The id of a record's run, and the manifest that the run cites. */
type CitedRuns = Map<string, string | null>;

/** Clocks may differ by so much. */
const AHEAD_MS = 5 * 60_000;

/**
 * Keeps records of runs of the project, and overrides, with the ids, times and names that they had. One that is there as it
 * is adds nothing. The look of a test evaluation is in the ledger from here on: no test number comes in without one.
 */
export async function importRecords(actor: Actor, projectNamed: string, input: unknown): Promise<RecordsImported> {
  const { records } = parse(recordsImportSchema, input);
  const { id: projectId } = await requireProject(actor, projectNamed);
  authorise(actor, "tests.open", projectId);
  const early = records.findIndex(({ at }) => Date.parse(at) > Date.now() + AHEAD_MS);
  if (early >= 0)
    throw invalid(`records.${early}.at`, `${records[early]!.at} is yet to come; when it was made is right`);
  const cited = await requireRuns(projectId, records);
  return connections().db.transaction(async (tx) => {
    await importOpenings(tx, projectId, records, cited);
    const stored = await storeRecords(tx, actor, projectId, records);
    const detail = Object.fromEntries(recordKinds.map((kind) => [kind, stored.filter((one) => one === kind).length]));
    const act = { action: "record.import", subject: `project:${projectId}`, projectId, detail };
    if (stored.length > 0) await recordAct(tx, actor, act);
    return { stored: stored.length, there: records.length - stored.length };
  });
}

async function requireRuns(projectId: string, records: ImportedRecord[]): Promise<CitedRuns> {
  const named = records.flatMap((record) => (record.kind === "override" ? [] : [record.run]));
  const rows = await connections()
    .db.select({ id: runs.id, manifestId: runs.manifestId })
    .from(runs)
    .where(and(eq(runs.projectId, projectId), inArray(runs.id, named), isNull(runs.deletedAt)));
  const cited = new Map(rows.map(({ id, manifestId }) => [id, manifestId]));
  for (const [at, record] of records.entries())
    if (record.kind !== "override" && !cited.has(record.run))
      throw invalid(`records.${at}.run`, `${record.run} is no run of the project; import its run first`);
  return cited;
}

/** The looks that opened test splits for these evaluations, where the ledger hasn't got them yet. */
async function importOpenings(
  tx: Executor,
  projectId: string,
  records: ImportedRecord[],
  cited: CitedRuns,
): Promise<void> {
  const opened = records.flatMap((record, at) =>
    record.kind === "evaluation" && record.look !== null ? [{ ...record, look: record.look, place: at }] : [],
  );
  if (opened.length === 0) return;
  await lockLooks(tx);
  for (const { run, look: id, at, by: actor, purpose, reason, splitDigest: testDigest } of opened) {
    const look = {
      id,
      at,
      actor,
      look: "evaluation",
      purpose,
      reason: reason!,
      testDigest,
      confirmation: null,
    } as const;
    await addImportedLooks(tx, { projectId, runId: run, manifestId: cited.get(run) ?? null }, [look]);
  }
  const there = await readLooksNamed(
    tx,
    opened.map(({ look }) => look),
  );
  for (const { look, splitDigest, place } of opened) {
    const { kind, testDigest } = there.get(look)!;
    if (kind !== "evaluation" || testDigest !== splitDigest)
      throw invalid(`records.${place}.look`, `${look} is a look of kind ${kind} at ${testDigest ?? "no test split"}`);
  }
}

/** Returns the kinds of those that are new. */
async function storeRecords(tx: Executor, actor: Actor, projectId: string, records: ImportedRecord[]): Promise<Kind[]> {
  const rows = records.map((record) => {
    const { kind, run: runId = null, ...body } = { run: null, ...record };
    const digest = createHash("sha256").update(JSON.stringify(body)).digest("hex");
    const of = { projectId, kind, runId, manifestId: body.manifest, recordId: body.id };
    return { id: uuidv7(), ...of, body, digest, importedBy: actor.name };
  });
  const stored: Kind[] = [];
  for (const some of inPieces(rows)) {
    const fresh = await tx
      .insert(importedRecords)
      .values(some)
      .onConflictDoNothing()
      .returning({ kind: importedRecords.kind });
    stored.push(...fresh.map(({ kind }) => kind));
  }
  return stored;
}

type Asked = { projectId: string; kind?: Kind; runIds?: string[]; manifestId?: string };

/** Of each record the newest that came, in the order in which they were made. Asks nobody whether they may. */
export async function readImported({ projectId, kind, runIds, manifestId }: Asked): Promise<ImportedRecord[]> {
  const { kind: ofKind, runId, recordId, id } = importedRecords;
  const rows = await connections()
    .db.selectDistinctOn([ofKind, runId, recordId])
    .from(importedRecords)
    .where(
      and(
        eq(importedRecords.projectId, projectId),
        kind === undefined ? undefined : eq(ofKind, kind),
        runIds === undefined ? undefined : inArray(runId, runIds),
        manifestId === undefined ? undefined : eq(importedRecords.manifestId, manifestId),
      ),
    )
    .orderBy(asc(ofKind), asc(runId), asc(recordId), desc(id));
  const records = rows.map((row): ImportedRecord => {
    // kind and run stand first, as in every line of an export
    const named = row.runId === null ? { kind: row.kind } : { kind: row.kind, run: row.runId };
    return { ...named, ...recordSchema.parse({ ...named, ...(row.body as object) }) };
  });
  return records.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

const LISTED_MAX = 500;

/** At most 500. */
const newestFirst = <Of extends Kind>(kind: Of, records: ImportedRecord[]): RecordOf<Of>[] =>
  records
    .filter((record): record is RecordOf<Of> => record.kind === kind)
    .reverse()
    .slice(0, LISTED_MAX);

/** Of a run, the newest first, without the numbers that the actor may not see. */
export async function listImportedEvaluations(
  actor: Actor,
  { id, projectId }: { id: string; projectId: string },
): Promise<RecordOf<"evaluation">[]> {
  authorise(actor, "evaluations.read", projectId);
  const found = newestFirst("evaluation", await readImported({ projectId, kind: "evaluation", runIds: [id] }));
  return Promise.all(
    found.map(async (record) => {
      const isSeen = (await sightOf(actor, { projectId, split: record.split })) === "report";
      return isSeen ? record : { ...record, report: null };
    }),
  );
}

export type ImportedClaim = RecordOf<"claim"> & { runName: string | null };

/** Of the whole project, the newest first. `runName`: null where the run is deleted. */
export async function listImportedClaims(actor: Actor, projectId: string): Promise<ImportedClaim[]> {
  authorise(actor, "champions.read", projectId);
  const found = newestFirst("claim", await readImported({ projectId, kind: "claim" }));
  const named = await connections()
    .db.select({ id: runs.id, name: runs.name })
    .from(runs)
    .where(
      and(
        isNull(runs.deletedAt),
        inArray(
          runs.id,
          found.map(({ run }) => run),
        ),
      ),
    );
  const names = new Map(named.map(({ id, name }) => [id, name]));
  return found.map((claim) => ({ ...claim, runName: names.get(claim.run) ?? null }));
}

/** Of a manifest in the project, the newest first. */
export async function listImportedOverrides(
  actor: Actor,
  projectId: string,
  manifestId: string,
): Promise<RecordOf<"override">[]> {
  authorise(actor, "manifests.read", projectId);
  return newestFirst("override", await readImported({ projectId, kind: "override", manifestId }));
}
