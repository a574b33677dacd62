/** Which server a command asks, with which token: of flags, of the environment, or of the last `holdout login`. */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { serverAddress, type Target } from "../client/http.ts";

export const NO_TOKEN =
  "no token: holdout login, or set HOLDOUT_TOKEN, or pass --token (a project's settings make one)";

const loginSchema = z.object({ url: z.url(), token: z.string().min(1) });

/** In the user's own folder of settings. */
export const loginFile = (): string =>
  path.join(process.env.XDG_CONFIG_HOME || path.join(homedir(), ".config"), "holdout", "login.json");

/** Null where nobody logged in. Throws where the file is none of ours. */
export function storedLogin(): Target | null {
  const file = loginFile();
  if (!existsSync(file)) return null;
  try {
    return loginSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new Error(`${file} can't be read; holdout login writes it anew`, { cause });
  }
}

/** For this user alone: the file has mode 0600 from its first byte. */
export function storeLogin(login: Target): string {
  const file = loginFile();
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const beside = `${file}.${process.pid}`;
  writeFileSync(beside, `${JSON.stringify(login)}\n`, { mode: 0o600, flag: "wx" });
  chmodSync(beside, 0o600);
  renameSync(beside, file);
  return file;
}

export const forgetLogin = (): void => rmSync(loginFile(), { force: true });

/** The token is empty where there is none. A stored one goes to the server that it was stored for, and to no other. */
export function findTarget(given: { url?: unknown; token?: unknown }): Target {
  const token = (given.token as string | undefined) || process.env.HOLDOUT_TOKEN || "";
  const named = (given.url as string | undefined) || process.env.HOLDOUT_URL;
  const stored = token === "" || named === undefined ? storedLogin() : null;
  const url = serverAddress(named ?? stored?.url);
  return { url, token: token || (stored?.url === url ? stored.token : "") };
}
