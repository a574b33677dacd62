/** PgBouncer in transaction mode, where this machine has it: of few sessions, so that each transaction gets another. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, chownSync, constants, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { endWithUs } from "../../db/processes.ts";
import { freePort } from "../../lib/test-port.ts";

const NOBODY = 65534;
const SESSIONS = 3;

/** The program; null: it isn't installed, as `say` is told with what that means. Debian keeps it where only root's PATH leads. */
export function findPgBouncer(
  without = "what goes through it is not tested",
  say: (line: string) => void = console.log,
): string | null {
  const folders = [...(process.env.PATH ?? "").split(path.delimiter), "/usr/sbin"];
  const found = folders.map((folder) => path.join(folder, "pgbouncer")).find(isProgram);
  if (!found) say(`PgBouncer is not installed: ${without} (Debian: apt-get install pgbouncer)`);
  return found ?? null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export type PgBouncer = {
  /** The same role and database as `url` through it. */
  through: (url: string) => string;
  stop: () => Promise<void>;
};

/** Starts it in front of the server that `urls` name, for the roles in them. */
export async function startPgBouncer(program: string, urls: string[]): Promise<PgBouncer> {
  const folder = mkdtempSync(path.join(tmpdir(), "holdout-pgbouncer-"));
  const server = new URL(urls[0]!);
  const host = server.searchParams.get("host") ?? server.hostname;
  const port = await freePort();
  const ini = path.join(folder, "pgbouncer.ini");
  const users = path.join(folder, "users.txt");
  const roles = urls.map((url) => new URL(url)).map((url) => `"${url.username}" "${decodeURIComponent(url.password)}"`);
  writeFileSync(users, `${[...new Set(roles)].join("\n")}\n`);
  writeFileSync(
    ini,
    `[databases]
* = host=${host} port=${server.port || 5432}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = transaction
default_pool_size = ${SESSIONS}
max_client_conn = 500
`,
  );
  // it refuses to be root; who may open the server's socket may run it
  const owner = host.startsWith("/") ? statSync(host) : { uid: NOBODY, gid: NOBODY };
  const account = process.getuid?.() === 0 ? { uid: owner.uid, gid: owner.gid } : null;
  if (account) for (const file of [folder, ini, users]) chownSync(file, account.uid, account.gid);
  const child = spawn(program, [ini], { stdio: ["ignore", "pipe", "pipe"], detached: true, ...account });
  endWithUs(child, "KILL", account);
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      said += chunk;
    });
  const ended = once(child, "exit");
  await untilSaid(/process up/, () => said, ended);
  return {
    through: (url) => {
      const pooled = new URL(url);
      pooled.searchParams.delete("host");
      return Object.assign(pooled, { hostname: "127.0.0.1", port: String(port) }).toString();
    },
    stop: async () => {
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilSaid(words: RegExp, said: () => string, ended: Promise<unknown>): Promise<void> {
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (!words.test(said())) {
    if (isOver) throw new Error(`pgbouncer did not start:\n${said()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
