/** Files of a run as text and pictures, for its page. */
import { buffer } from "node:stream/consumers";
import type { Actor } from "../access/actor.ts";
import { ProblemError } from "../problem.ts";
import type { Artifact } from "../wire/artifacts.ts";
import { type ModelRecord, modelRecordPath, modelRecordSchema } from "../wire/models.ts";
import { readArtifact } from "./artifacts.ts";
import { decodePicture } from "./pictures.ts";

const MODEL_RECORD_BYTES_MAX = 8 * 1024 * 1024;
const CONSOLE_BYTES_MAX = 512 * 1024;
const PICTURE_BYTES_MAX = 20 * 1024 * 1024;

/** The newest record of a run's model among its files; null where there is none, or none that can be read. */
export async function readModelRecord(actor: Actor, runId: string, artifacts: Artifact[]): Promise<ModelRecord | null> {
  const shape = new RegExp(`^${modelRecordPath(0).replace(/\d+/, "\\d+")}$`);
  const newest = artifacts.findLast(({ path, sizeBytes }) => shape.test(path) && sizeBytes <= MODEL_RECORD_BYTES_MAX);
  if (!newest) return null;
  const { content } = await readArtifact(actor, runId, newest.path);
  try {
    return modelRecordSchema.parse(JSON.parse((await buffer(content)).toString("utf8")));
  } catch {
    return null; // somebody else's file of that name
  }
}

/** What each process of a run printed, the newest half MiB in all. */
export type ConsoleText = {
  /** Processes in the order in which they began. */
  parts: { startedAt: string; text: string }[];
  /** Bytes that are older, and left out. */
  leftOut: number;
};

/** Reads the pieces `console/START-WRITER/NUMBER.txt` among a run's files. */
export async function readConsole(actor: Actor, runId: string, artifacts: Artifact[]): Promise<ConsoleText> {
  const pieces = artifacts.flatMap(({ path, sizeBytes }) => {
    const [, folder = "", start = ""] = /^console\/((\d{8}T\d{9}Z)-[0-9a-f]{8})\/\d+\.txt$/.exec(path) ?? [];
    return folder === "" ? [] : [{ path, sizeBytes, folder, startedAt: timeOf(start) }];
  });
  let bytes = 0;
  const shown = pieces.toReversed().filter(({ sizeBytes }) => {
    bytes += sizeBytes;
    return bytes <= CONSOLE_BYTES_MAX;
  });
  const parts = new Map<string, { startedAt: string; text: string }>();
  for (const { path, folder, startedAt } of shown.toReversed()) {
    const text = (await buffer((await readArtifact(actor, runId, path)).content)).toString("utf8");
    const part = parts.get(folder);
    if (part) part.text += text;
    else parts.set(folder, { startedAt, text });
  }
  const shownBytes = shown.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const all = pieces.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return { parts: [...parts.values()], leftOut: all - shownBytes };
}

/** `20261124T021500123Z` as ISO 8601 has it. */
const timeOf = (text: string): string =>
  text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/, "$1-$2-$3T$4:$5:$6.$7Z");

/** A file of a run as a picture for its page; see `decodePicture`. */
export async function readPicture(actor: Actor, runId: string, path: string): Promise<Buffer<ArrayBuffer>> {
  const { artifact, content } = await readArtifact(actor, runId, path);
  try {
    if (artifact.sizeBytes > PICTURE_BYTES_MAX)
      throw new ProblemError(
        "invalid",
        `it has ${artifact.sizeBytes} bytes; a picture of at most ${PICTURE_BYTES_MAX} can be shown`,
      );
    return await decodePicture(() => buffer(content));
  } catch (error) {
    content.destroy();
    if (!(error instanceof ProblemError)) throw error;
    throw new ProblemError(error.kind, `${path}: ${error.detail}`, undefined, { cause: error });
  }
}
