/** Where the embedded PostgreSQL's socket lies. */
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Account, checkReach, ownFolder } from "./account.ts";

export const SOCKET_NAME = ".s.PGSQL.5432";
/** sun_path holds 108 bytes on Linux and 104 on macOS, the closing zero included. */
const PATH_BYTES_MAX = 100;

/**
 * A folder of mode 0700 for the socket: `run` in the server's own, or where that path is too long for a socket, one in
 * the system's folder for temporary files, named by a hash. Throws where that one is somebody else's.
 */
export function socketFolderFor(serverFolder: string, account: Account): string {
  const own = path.join(serverFolder, "run");
  const name = `holdout-${createHash("sha256").update(serverFolder).digest("hex").slice(0, 16)}`;
  const short = [own, path.join(tmpdir(), name), path.join("/tmp", name)];
  const folder =
    short.find((candidate) => Buffer.byteLength(path.join(candidate, SOCKET_NAME)) <= PATH_BYTES_MAX) ?? own;
  ownFolder(folder, account);
  checkReach(folder, account);
  return folder;
}
