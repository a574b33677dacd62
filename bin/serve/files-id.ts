/**
 * A database knows the folder that holds its files by the id in there: a server with another folder would answer "missing"
 * for every file, and keep new ones from the others.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { v7 as uuidv7 } from "uuid";
import { connect } from "../../db/connection.ts";
import { Refusal } from "../../db/refusal.ts";

const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Makes sure that the data folder holds the database's files; a database that knows none yet takes this one. Throws a Refusal. */
export async function claimFiles(ownerUrl: string, dataDir: string): Promise<void> {
  const folder = path.join(dataDir, "blobs");
  const file = path.join(folder, "id");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const here = readId(file);
  const client = connect(ownerUrl, { max: 1 });
  try {
    const id = here ?? uuidv7();
    const [row] = await client<{ filesId: string }[]>`
      update workspace set files_id = coalesce(files_id, ${id}) where id = 1 returning files_id as "filesId"`;
    if (row && row.filesId !== id) throw new Refusal(whatToDo(folder, row.filesId));
    if (here === null) writeFileSync(file, `${id}\n`, { mode: 0o600 });
  } finally {
    await client.end({ timeout: 5 });
  }
}

function readId(file: string): string | null {
  try {
    const text = readFileSync(file, "utf8").trim();
    return isId.test(text) ? text : null;
  } catch {
    return null;
  }
}

const whatToDo = (folder: string, id: string) => `The files of this database are in another folder than ${folder}.
Set HOLDOUT_DATA_DIR to the data folder that was used before, or, for a second server, let ${folder} be the same folder
(a mount, or a link to it) and give both servers one HOLDOUT_SECRET. Where those files are lost, or were copied here without
the file "id", say that this is the folder from now on:

  echo ${id} > ${path.join(folder, "id")}
`;
