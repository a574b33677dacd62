/** Files of runs, by the addresses that `artifact_uri` leads to. A model's files are its run's, under `models/ID`. */
import type { Readable } from "node:stream";
import type { z } from "zod";
import type { TokenActor } from "../access/actor.ts";
import { getArtifact, listArtifacts, putArtifact, readContent } from "../artifacts/artifacts.ts";
import { artifactUri } from "../interop/artifact-uri.ts";
import { findModel } from "../interop/models.ts";
import { locateRun } from "../runs/runs.ts";
import { artifactPathSchema } from "../wire/base/text.ts";
import { runToChange, runToRead } from "./runs.ts";
import type { schemas } from "./wire.ts";
import { invalidValue, missing } from "./words/errors.ts";
import { modelUuidOf, uuidOf } from "./words/ids.ts";

/** A file or folder of a run; a path of "" is all of its files. */
type Place = { runId: string; path: string };

export const modelFolder = (modelId: string): string => `models/${modelId}`;

/** What `EXPERIMENT/RUN/artifacts/…` and `EXPERIMENT/models/MODEL/artifacts/…` name. Throws where that is nothing here. */
async function placeOf(actor: TokenActor, address: string): Promise<Place> {
  const parts = address.split("/").filter((part) => part !== "");
  if (parts.some((part) => part === "." || part === "..")) throw invalidValue("Invalid path");
  const model = /^models$/.test(parts[1] ?? "") ? modelUuidOf(parts[2] ?? "") : null;
  if (model !== null && parts[3] === "artifacts") {
    const found = await findModel(actor, model);
    if (!found) throw missing(`Logged model with ID '${parts[2]}' not found.`);
    if (found.runId === null)
      throw invalidValue("A model that was logged outside of a run has no files in Holdout: log it inside of one");
    return { runId: found.runId, path: [modelFolder(parts[2]!), ...parts.slice(4)].join("/") };
  }
  const run = parts[2] === "artifacts" ? uuidOf(parts[1] ?? "") : null;
  if (run === null) throw missing(`There is no artifact root ${JSON.stringify(address.slice(0, 200))}`);
  return { runId: run, path: parts.slice(3).join("/") };
}

export async function uploadArtifact(
  actor: TokenActor,
  address: string,
  { contentType, content }: { contentType: string | null; content: Readable },
): Promise<object> {
  const { runId, path } = await placeOf(actor, address);
  if (!artifactPathSchema.safeParse(path).success) throw invalidValue("Invalid path");
  const { id } = await runToChange(actor, { run_id: runId });
  await putArtifact(actor, id, { path, contentType, expectedSha256: null, content, replaces: true });
  return {};
}

/** One file and what it holds. Throws `RESOURCE_DOES_NOT_EXIST`. */
export async function downloadArtifact(actor: TokenActor, address: string) {
  const { runId, path } = await placeOf(actor, address);
  const artifact = await getArtifact(actor, await runToRead(actor, { run_id: runId }), path).catch(refused(path));
  return { artifact, content: await readContent(artifact) };
}

function refused(path: string) {
  return (error: unknown): never => {
    if ((error as { kind?: string }).kind === "not-found") throw missing(`No such artifact: '${path}'`);
    throw error;
  };
}

type Entry = { path: string; is_dir: boolean; file_size?: number };

/** What a folder holds, by bare names; nothing of what isn't there or is a file: clients tell folders from files by it. */
export async function listFolder(actor: TokenActor, address: string): Promise<{ files?: Entry[] }> {
  const place = await placeOf(actor, address);
  const files = await entriesOf(actor, place);
  return files.length > 0 ? { files } : {};
}

/** The same by the run, with paths from its root. */
export async function listRunArtifacts(
  actor: TokenActor,
  { path = "", ...asked }: z.output<typeof schemas.listArtifacts>,
) {
  const parts = path.split("/").filter((part) => part !== "");
  if (path.startsWith("/") || parts.some((part) => part === "." || part === "..")) throw invalidValue("Invalid path");
  const runId = await runToRead(actor, asked);
  const folder = parts.join("/");
  const entries = await entriesOf(actor, { runId, path: folder });
  const files = entries.map((entry) => ({ ...entry, path: folder === "" ? entry.path : `${folder}/${entry.path}` }));
  const { projectId } = await locateRun(actor, runId, "runs.read");
  return { root_uri: artifactUri(projectId, runId), ...(files.length > 0 ? { files } : {}) };
}

async function entriesOf(actor: TokenActor, { runId, path }: Place): Promise<Entry[]> {
  const prefix = path === "" ? "" : `${path}/`;
  const entries = new Map<string, Entry>();
  for (const artifact of await listArtifacts(actor, await runToRead(actor, { run_id: runId }))) {
    if (!artifact.path.startsWith(prefix)) continue;
    const [name = "", ...below] = artifact.path.slice(prefix.length).split("/");
    if (below.length > 0) entries.set(name, { path: name, is_dir: true });
    else entries.set(name, { path: name, is_dir: false, file_size: artifact.sizeBytes });
  }
  return [...entries.values()];
}
