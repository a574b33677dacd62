/**
 * An imported run on its way to the server, through the calls that any client makes. Sent again it adds nothing: run, writer
 * and batches have the names that they had before. An import that was killed goes on where the server says that it stopped, and a
 * run that grew is topped up.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { isHopeless, Refused } from "../../../lib/sending/answers.ts";
import { deliverBatch, expected, registerWriter, sendFinish } from "../../../lib/sending/writer-calls.ts";
import { artifactListSchema } from "../../../lib/wire/artifacts.ts";
import { isPlausibleTime } from "../../../lib/wire/base/words.ts";
import { IMPORTED_LOOKS_MAX, looksRoutes } from "../../../lib/wire/evaluations/looks.ts";
import { exportsRoutes, RECORDS_MAX } from "../../../lib/wire/exports.ts";
import { codeSchema, MANIFEST_REFUSED, type RunCreate, type RunFinish, runSchema } from "../../../lib/wire/runs.ts";
import { ask, patiently } from "../client/ask.ts";
import { putArtifact, routeOf } from "../client/delivery.ts";
import { json, send, type Target } from "../client/http.ts";
import { batchesOf } from "./batches.ts";
import { factsOf } from "./facts.ts";
import { type ImportedFile, type ImportedRun, type LeftOut, runIdOf, writerIdOf } from "./imported.ts";
import { noteFirst, type Share, shareOf } from "./top-up.ts";

export type Project = { id: string; slug: string };

/** Of one run: what the server stored now, what it had, and what it refused. */
export type Delivered = {
  id: string;
  url: string | null;
  runs: Stored;
  points: Stored;
  files: Stored;
  /** Series that the server keeps in quarantine. */
  quarantined: string[];
  refused: LeftOut[];
};
export type Stored = { stored: number; there: number };

const nothing = (): Stored => ({ stored: 0, there: 0 });
export const nothingOf = (id: string): Delivered => ({
  id,
  url: null,
  runs: nothing(),
  points: nothing(),
  files: nothing(),
  quarantined: [],
  refused: [],
});

const placeOf = ({ kind, sourceId }: ImportedRun): string => `${kind} ${sourceId}`;
export const pointsIn = ({ series }: ImportedRun): number => series.reduce((sum, { count }) => sum + count, 0);

/** Throws `Unreachable` after a minute without an answer, and `Refused` for what holds for every run, as a token that is unknown. */
export async function deliverRun(target: Target, run: ImportedRun, project: Project): Promise<Delivered> {
  const id = runIdOf(run, project.id);
  const place = placeOf(run);
  const delivered = nothingOf(id);
  const begun = await unlessHopeless(() => begin(target, run, id, project));
  if ("refusal" in begun) {
    delivered.refused = wholeOf(run, place, begun.refusal);
    return delivered;
  }
  delivered.url = begun.url;
  delivered.runs = begun.isThere ? { stored: 0, there: 1 } : { stored: 1, there: 0 };
  if (begun.unused !== null)
    delivered.refused.push({ unit: "other", count: 1, where: place, why: `its split manifest: ${begun.unused}` });
  await deliverMarks(target, run, begun, delivered, place);
  // before the points, of which a test series would be a look of its own
  await deliverLooks(target, run, begun, delivered, place);
  await deliverRecords(target, run, { id, project: project.id }, delivered, place);
  await deliverPoints(target, begun, delivered, place);
  const original = originalOf(run);
  await deliverFile(target, id, begun.held, { path: original.path, content: original.content });
  await deliverFilesOf(target, run, run.files, begun, delivered);
  const end = endOf(run, begun.share.writer);
  if (end !== null && (!begun.hasEnded || begun.share.isNew)) {
    const outcome = await unlessHopeless(() => sendFinish((sent) => ask(target, sent), id, end));
    if (outcome && "refusal" in outcome)
      delivered.refused.push({ unit: "other", count: 1, where: `${place}: its end`, why: outcome.refusal });
  }
  return delivered;
}

/** The end of a run, as its writer says it. */
export const endOf = (run: ImportedRun, writer: string): RunFinish | null =>
  run.end && { ...run.end, ...timesOf(run), writer };

/** What creates a run, its manifest aside. */
export function creationOf({ name, notes, config, seed = null, code }: ImportedRun) {
  return { name, notes, config, code: code && codeSchema.parse(code), seed };
}

/** When the run ran: both times, of which one alone would say nothing of how long it took, or neither. */
function timesOf({ ran }: ImportedRun): Pick<RunFinish, "ran"> {
  const { startedAt, endedAt } = ran ?? {};
  if (startedAt == null || endedAt == null || startedAt > endedAt) return {};
  if (!isPlausibleTime(startedAt) || !isPlausibleTime(endedAt)) return {};
  return { ran: { startedAt: new Date(startedAt).toISOString(), endedAt: new Date(endedAt).toISOString() } };
}

type Begun = {
  id: string;
  url: string;
  /** Who brings which points. */
  share: Share;
  /** Whether the server had any of it before. */
  isThere: boolean;
  hasEnded: boolean;
  /** Its files there, SHA-256 by path. */
  held: ReadonlyMap<string, string>;
  /** Why the run stands there without its manifest; null: it has it, or never had one. */
  unused: string | null;
};

async function begin(target: Target, run: ImportedRun, id: string, project: Project): Promise<Begun> {
  const { facts, series } = run;
  const creation: RunCreate = { id, project: project.id, ...creationOf(run) };
  const { answer, unused } = await createCiting(target, creation, run.manifest ?? null);
  const there = expected(runSchema.pick({ url: true, status: true, attempts: true }).safeParse(answer));
  const isThere = there.attempts > 0;
  const hasEnded = ["finished", "failed", "killed"].includes(there.status);
  const told = unused === null ? [] : [[MANIFEST_REFUSED, unused] as const];
  const environment = factsOf([...told, ...Object.entries(facts)]);
  const begun = { id, url: there.url, isThere, hasEnded, unused };
  if (isThere) {
    const held = await filesHeld(target, id);
    const share = await known(CHANGED, () => shareOf(target, id, series, environment, held));
    if (share === null) throw new Refused(409, null, OTHER);
    return { ...begun, share, held };
  }
  const writer = writerIdOf(id, run);
  const registration = { writer, mode: "start", environment } as const;
  const sequenceStored = await registerWriter((sent) => ask(target, sent), id, registration);
  if (run.end === null) await noteFirst(target, id, series);
  return { ...begun, share: { writer, series, there: 0, sequenceStored, isNew: true }, held: new Map() };
}

/** Creates the run; without its manifest, where that isn't usable there, for the reason in `unused`. */
async function createCiting(
  target: Target,
  creation: RunCreate,
  manifest: string | null,
): Promise<{ answer: unknown; unused: string | null }> {
  const create = (body: RunCreate) => ask(target, { ...routeOf("createRun"), ...json(body) });
  if (manifest === null) return { answer: await known(CHANGED, () => create(creation)), unused: null };
  try {
    return { answer: await create({ ...creation, manifest }), unused: null };
  } catch (error) {
    const isOfManifest = error instanceof Refused && error.problem?.errors?.some(({ field }) => field === "manifest");
    if (!isOfManifest) return known(CHANGED, () => Promise.reject(error));
    const unused = error.problem?.detail ?? error.message;
    return { answer: await known(CHANGED, () => create(creation)), unused };
  }
}

const CHANGED = "was imported before, and its name, notes or config are others now; what is stored stays";
const OTHER = "was imported before, and points that are stored are others now; what is stored stays";

/** A conflict in the words of who imports. */
async function known<T>(words: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Refused && error.status === 409) throw new Refused(409, null, words);
    throw error;
  }
}

/** A run with all its points and files, left out for one reason. */
export function wholeOf(run: ImportedRun, where: string, why: string): LeftOut[] {
  const counts = [
    ["run", 1],
    ["point", pointsIn(run)],
    ["file", run.files.length],
  ] as const;
  return counts.flatMap(([unit, count]) => (count > 0 ? [{ unit, count, where, why }] : []));
}

/** Tags and colour, while the run hasn't ended here: what people change later stays. */
async function deliverMarks(
  target: Target,
  { marks }: ImportedRun,
  { id, hasEnded }: Begun,
  delivered: Delivered,
  place: string,
): Promise<void> {
  if (marks === undefined || hasEnded) return;
  const { tags, color } = marks;
  const calls = [
    tags.length > 0 && { ...routeOf("tagRun", id), ...json({ add: tags }) },
    color !== null && { ...routeOf("updateRun", id), ...json({ color }) },
  ].filter((call) => call !== false);
  for (const call of calls)
    try {
      await ask(target, call);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 403) throw error;
      const why = "tags and colour of a run: a token of scope admin brings them";
      delivered.refused.push({ unit: "other", count: 1, where: place, why });
      return;
    }
}

const importRoute = (run: string) => {
  const { method, path } = looksRoutes.importLooks;
  return { method, path: path.replace("{run}", run) };
};

async function deliverLooks(
  target: Target,
  { looks = [] }: ImportedRun,
  { id }: Begun,
  delivered: Delivered,
  place: string,
): Promise<void> {
  for (let from = 0; from < looks.length; from += IMPORTED_LOOKS_MAX) {
    const some = looks.slice(from, from + IMPORTED_LOOKS_MAX);
    try {
      await ask(target, { ...importRoute(id), ...json({ looks: some }) });
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 403) throw error;
      const why = "looks at a test split: a token of scope evaluate brings them";
      delivered.refused.push({ unit: "other", count: some.length, where: place, why });
    }
  }
}

/** After the looks that opened test splits for evaluations. */
async function deliverRecords(
  target: Target,
  { records = [] }: ImportedRun,
  { id, project }: { id: string; project: string },
  delivered: Delivered,
  place: string,
): Promise<void> {
  for (let from = 0; from < records.length; from += RECORDS_MAX) {
    const some = records.slice(from, from + RECORDS_MAX).map((record) => ({ ...record, run: id }));
    const { method, path } = exportsRoutes.importRecords;
    const sent = { method, path: path.replace("{project}", project), ...json({ records: some }) };
    const why = await unlessHopeless(() => ask(target, sent)).then(refusalOf, (error: unknown) => {
      if (error instanceof Refused && error.status === 403) return RECORDS_REFUSED;
      throw error;
    });
    if (why !== null) delivered.refused.push({ unit: "other", count: some.length, where: place, why });
  }
}

const refusalOf = (answer: unknown): string | null =>
  typeof answer === "object" && answer !== null && "refusal" in answer ? String(answer.refusal) : null;

export const RECORDS_REFUSED = "evaluations, claims and overrides: a token of scope evaluate brings them";

async function deliverPoints(target: Target, { id, share }: Begun, delivered: Delivered, where: string): Promise<void> {
  const { writer, series, sequenceStored } = share;
  delivered.points.there = share.there;
  for (const { sequence, points, bytes } of batchesOf(writer, series)) {
    if (sequence <= sequenceStored) {
      delivered.points.there += points;
      continue;
    }
    const outcome = await unlessHopeless(() => deliverBatch((sent) => ask(target, sent), id, bytes()));
    if ("refusal" in outcome) delivered.refused.push({ unit: "point", count: points, where, why: outcome.refusal });
    else {
      delivered.points[outcome.duplicate ? "there" : "stored"] += points;
      delivered.quarantined = [...new Set([...delivered.quarantined, ...outcome.quarantined])];
    }
  }
}

/** Files that the server has with the same bytes aren't sent; one that it has with others stays there as it is. */
export async function deliverFilesOf(
  target: Target,
  run: ImportedRun,
  files: ImportedFile[],
  { id, held }: Pick<Begun, "id" | "held">,
  delivered: Delivered,
): Promise<void> {
  for (const file of files) {
    const content = typeof file.file === "function" ? await file.file() : file.file;
    const outcome = await unlessHopeless(() => deliverFile(target, id, held, { path: file.path, content }));
    if (typeof outcome === "string") delivered.files[outcome]++;
    else
      delivered.refused.push({ unit: "file", count: 1, where: `${placeOf(run)}: ${file.path}`, why: outcome.refusal });
  }
}

/** SHA-256 by path. */
async function filesHeld(target: Target, run: string): Promise<Map<string, string>> {
  const answer = await ask(target, routeOf("listArtifacts", run));
  const { artifacts } = expected(artifactListSchema.safeParse(answer));
  return new Map(artifacts.map(({ path, sha256 }) => [path, sha256]));
}

/** All that the source says of a run stands in this file of it; a file that the source has there goes first. */
export function originalOf({ kind, files, original }: ImportedRun): { path: string; content: Uint8Array } {
  const path = `import/${kind}.json`;
  const isTaken = files.some((file: ImportedFile) => file.path === path);
  const content = Buffer.from(JSON.stringify(original, null, 2));
  return { path: isTaken ? `import/${kind}-original.json` : path, content };
}

async function deliverFile(
  target: Target,
  run: string,
  held: ReadonlyMap<string, string>,
  { path, content }: { path: string; content: Uint8Array | string },
): Promise<"stored" | "there" | { refusal: string }> {
  const known = held.get(path);
  if (known !== undefined) {
    if (known === (await hashOf(content))) return "there";
    return { refusal: "is there already with other bytes, and stays so" };
  }
  const upload = { path, contentType: contentTypeOf(path), checkpoint: null };
  await patiently(async () => send(target, await putArtifact(run, upload, content)));
  return "stored";
}

async function hashOf(content: Uint8Array | string): Promise<string> {
  const hash = createHash("sha256");
  if (typeof content === "string") await pipeline(createReadStream(content), hash);
  else hash.update(content);
  return hash.digest("hex");
}

const contentTypes: Record<string, string> = {
  json: "application/json",
  txt: "text/plain; charset=utf-8",
  csv: "text/csv",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
};
export const contentTypeOf = (path: string): string =>
  contentTypes[path.slice(path.lastIndexOf(".") + 1).toLowerCase()] ?? "application/octet-stream";

async function unlessHopeless<T>(act: () => Promise<T>): Promise<T | { refusal: string }> {
  try {
    return await act();
  } catch (error) {
    if (isHopeless(error)) return { refusal: error.problem?.detail ?? error.message };
    throw error;
  }
}
