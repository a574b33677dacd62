/**
 * A database knows the place that holds its files by the id in there: a server with another place would answer "missing"
 * for every file, and keep new ones from the others.
 */
import { setTimeout as delay } from "node:timers/promises";
import { v7 as uuidv7 } from "uuid";
import { connect } from "../../../db/connection.ts";
import { Refusal } from "../../../db/refusal.ts";
import type { BlobStore } from "../../../lib/blobs/blob-store.ts";

const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** A server that starts beside this one says its id to the database first, and to the place at once after it. */
const WRITTEN_WITHIN_MS = 2_000;
const POLL_MS = 50;

/** Makes sure that the store holds the database's files; a database that knows none yet takes this one. Throws a Refusal. */
export async function claimFiles(ownerUrl: string, store: BlobStore): Promise<void> {
  const here = await readFilesId(store);
  const client = connect(ownerUrl, { max: 1 });
  try {
    const id = here ?? uuidv7();
    const [row] = await client<{ filesId: string }[]>`
      update workspace set files_id = coalesce(files_id, ${id}) where id = 1 returning files_id as "filesId"`;
    if (row && row.filesId !== id && !(here === null && (await isWritten(store, row.filesId))))
      throw new Refusal(whatToDo(store, row.filesId));
    if (here === null && row?.filesId === id) await store.writeId(id);
  } finally {
    await client.end({ timeout: 5 });
  }
}

/** The id of the files there; null: they are no database's yet. */
export async function readFilesId(store: BlobStore): Promise<string | null> {
  const text = (await store.readId())?.trim() ?? "";
  return isId.test(text) ? text : null;
}

async function isWritten(store: BlobStore, id: string): Promise<boolean> {
  for (const deadline = Date.now() + WRITTEN_WITHIN_MS; Date.now() < deadline; await delay(POLL_MS))
    if ((await readFilesId(store)) === id) return true;
  return false;
}

function whatToDo({ place }: BlobStore, id: string): string {
  const isBucket = place.startsWith("s3://");
  const same = isBucket
    ? `Set HOLDOUT_FILES to the place that was used before; to bring the files from there to here is  npm run files -- move
--to ${place}  with HOLDOUT_FILES as it was before. Where those files are lost, or were copied here without the object "id",
say that this is the place from now on:

  echo ${id} | aws s3 cp - ${place}/id
`
    : `Set HOLDOUT_DATA_DIR to the data folder that was used before, or HOLDOUT_FILES to the bucket, or, for a second server, let
${place} be the same folder (a mount, or a link to it) and give both servers one HOLDOUT_SECRET. Where those files are lost,
or were copied here without the file "id", say that this is the folder from now on:

  echo ${id} > ${place}/id
`;
  return `The files of this database are in another ${isBucket ? "place" : "folder"} than ${place}.\n${same}`;
}
