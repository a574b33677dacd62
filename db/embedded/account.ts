/** Whose processes and files the embedded PostgreSQL's are: it refuses to run as root. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, lstatSync, mkdirSync } from "node:fs";
import path from "node:path";
import { Refusal } from "../refusal.ts";

/** Ids to run PostgreSQL under; null: as whoever runs this process. */
export type Account = { uid: number; gid: number } | null;

const ACCOUNT = "postgres";

/** The account for PostgreSQL: root's is the user `postgres`, who is made where missing, and `say` is told. */
export function accountForPostgres(say: (line: string) => void): Account {
  if (process.getuid?.() !== 0) return null;
  if (!idsOf(ACCOUNT)) {
    createAccount();
    say(`Created the system user ${ACCOUNT}: PostgreSQL doesn't run as root.`);
  }
  const ids = idsOf(ACCOUNT);
  if (!ids)
    throw new Refusal(`The system user ${ACCOUNT} is missing and could not be made: run  useradd --system ${ACCOUNT}`);
  return ids;
}

function idsOf(name: string): { uid: number; gid: number } | null {
  const ask = (flag: string) => spawnSync("id", [flag, name], { encoding: "utf8" });
  const [user, group] = [ask("-u"), ask("-g")];
  return user.status === 0 && group.status === 0 ? { uid: Number(user.stdout), gid: Number(group.stdout) } : null;
}

function createAccount(): void {
  const forms: [string, string[]][] = [
    ["useradd", ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT]],
    // BusyBox
    ["adduser", ["-S", "-D", "-H", "-s", "/sbin/nologin", ACCOUNT]],
  ];
  for (const [command, args] of forms) {
    try {
      execFileSync(command, args, {
        stdio: "ignore",
        env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
      });
      return;
    } catch {
      // the caller says what to do where no form worked
    }
  }
}

/**
 * Makes a folder where it is missing, for PostgreSQL's account alone (mode 0700). Throws where it is something else,
 * or somebody else's.
 */
export function ownFolder(folder: string, account: Account): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory()) throw new Refusal(`${folder} is not a folder`);
  if (account && found.uid === 0) chownSync(folder, account.uid, account.gid);
  const owner = account?.uid ?? process.getuid?.();
  if (lstatSync(folder).uid !== owner)
    throw new Refusal(
      `${folder} belongs to user ${found.uid}, and PostgreSQL would run as ${owner}: chown it, or choose another HOLDOUT_DATA_DIR`,
    );
  chmodSync(folder, 0o700);
}

/** Throws where PostgreSQL's account can't enter a folder, and names the parent that stops it. */
export function checkReach(folder: string, account: Account): void {
  if (!account || canEnter(folder, account)) return;
  const parents: string[] = [];
  for (let at = folder; at !== path.dirname(at); at = path.dirname(at)) parents.unshift(at);
  const shut = parents.find((parent) => !canEnter(parent, account)) ?? folder;
  throw new Refusal(
    `As root, PostgreSQL runs as the user ${ACCOUNT}, who can't enter ${shut}. ` +
      "Set HOLDOUT_DATA_DIR to a folder that every user can reach, or leave it unset.",
  );
}

function canEnter(folder: string, account: { uid: number; gid: number }): boolean {
  return (
    spawnSync("/bin/sh", ["-c", 'cd -- "$1"', "sh", folder], { ...account, cwd: "/", stdio: "ignore" }).status === 0
  );
}
