import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { processIdentity } from "../../db/processes.ts";
import { findHolder, type Holder, type Lock, takeLock } from "./lock.ts";

let folder: string;
let other: ChildProcess;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "holdout-lock-"));
  other = spawn("sleep", ["600"]);
});
afterEach(() => {
  other.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

const url = "http://127.0.0.1:3000";
const write = (content: string) => writeFileSync(path.join(folder, "server.json"), content);

test("the folder is held from taking to releasing, and nothing is left", async () => {
  const lock = (await takeLock(folder, url)) as Lock;
  expect(findHolder(folder)).toMatchObject({ pid: process.pid, url, instance: null });
  lock.write("0199f3a2-1c00-7000-8000-000000000000");
  expect(findHolder(folder)?.instance).toBe("0199f3a2-1c00-7000-8000-000000000000");
  lock.release();
  expect(readdirSync(folder)).toEqual([]);
});

test("who comes second is told who holds it", async () => {
  const holder: Holder = { pid: other.pid ?? 0, identity: processIdentity(other.pid ?? 0) ?? "", url, instance: null };
  write(JSON.stringify(holder));
  expect(await takeLock(folder, "http://127.0.0.1:4000")).toEqual(holder);
  expect(readdirSync(folder)).toEqual(["server.json"]);
});

test.each([
  ["a process that is gone", () => JSON.stringify({ pid: 2 ** 22 + 1, identity: "boot 1", url, instance: null })],
  [
    "another process with the id of one that is gone",
    () => JSON.stringify({ pid: other.pid, identity: "boot 1", url }),
  ],
  ["nobody: half a file", () => '{"pid": 1'],
  ["nobody: an empty file", () => ""],
])("a folder held by %s is taken", async (_whom, content) => {
  write(content());
  const lock = await takeLock(folder, url);
  expect(lock).toHaveProperty("release");
  expect(findHolder(folder)?.pid).toBe(process.pid);
  expect(readdirSync(folder)).toEqual(["server.json"]);
});

test("a lock that somebody else has taken over meanwhile is not released", async () => {
  const lock = (await takeLock(folder, url)) as Lock;
  const holder: Holder = { pid: other.pid ?? 0, identity: processIdentity(other.pid ?? 0) ?? "", url, instance: null };
  write(JSON.stringify(holder));
  lock.release();
  expect(findHolder(folder)).toEqual(holder);
});

test("a start that was killed while it took over is taken over from itself", async () => {
  const stale = JSON.stringify({ pid: 2 ** 22 + 1, identity: "boot 1", url, instance: null });
  write(stale);
  const claim = `server.json.after-${createHash("sha256").update(stale).digest("hex").slice(0, 16)}`;
  writeFileSync(
    path.join(folder, claim),
    JSON.stringify({ pid: 2 ** 22 + 2, identity: "boot 2", url, instance: null }),
  );
  expect(await takeLock(folder, url)).toHaveProperty("release");
  expect(readdirSync(folder)).toEqual(["server.json"]);
});

test("of several starts at once on a stale folder one takes it", async () => {
  write(JSON.stringify({ pid: other.pid, identity: "boot 1", url, instance: null }));
  const program = `
    const { takeLock } = await import(${JSON.stringify(new URL("./lock.ts", import.meta.url).href)});
    process.stdin.once("data", async () => {
      console.log("release" in (await takeLock(${JSON.stringify(folder)}, "${url}")) ? "took" : "told");
      process.stdin.once("data", () => process.exit(0));
    });
    console.log("ready");`;
  const starts = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], {
      stdio: ["pipe", "pipe", "inherit"],
    }),
  );
  const nextLine = (child: (typeof starts)[number]) =>
    new Promise<string>((resolve) => child.stdout.once("data", (chunk) => resolve(String(chunk).trim())));
  await Promise.all(starts.map(nextLine));
  const answers = starts.map(nextLine);
  for (const child of starts) child.stdin.write("go\n");
  expect((await Promise.all(answers)).sort()).toEqual(["told", "told", "told", "took"]);
  for (const child of starts) child.stdin.write("go\n");
});
