/** Hashes of passwords: scrypt, in a thread of their own. The text form is better-auth's: `salt:key`, hexadecimal. */
import { randomBytes, timingSafeEqual } from "node:crypto";
import path from "node:path";
import { Worker } from "node:worker_threads";

/** OWASP's password storage cheat sheet names N = 2¹⁴, r = 8, p = 5 as enough; better-auth's r is 16: 32 MiB a hash. */
const PARAMETERS = { N: 16_384, r: 16, p: 1, maxmem: 64 * 1024 * 1024 };
const KEY_BYTES = 64;

type Waiting = { resolve: (key: Buffer) => void; reject: (error: Error) => void };
type Thread = { worker: Worker; waiting: Map<number, Waiting> };
// one a process, however often a bundler loads this module
const shared = globalThis as { holdoutPasswords?: Thread | null };
let asked = 0;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16).toString("hex");
  return `${salt}:${(await derive(password, salt)).toString("hex")}`;
}

export async function verifyPassword({ hash, password }: { hash: string; password: string }): Promise<boolean> {
  const [salt = "", key = ""] = hash.split(":");
  const expected = Buffer.from(key, "hex");
  return expected.length === KEY_BYTES && timingSafeEqual(await derive(password, salt), expected);
}

function derive(password: string, salt: string): Promise<Buffer> {
  shared.holdoutPasswords ??= startThread();
  const { worker, waiting } = shared.holdoutPasswords;
  const id = ++asked;
  // the thread keeps no process alive but while somebody waits for it
  worker.ref();
  const key = new Promise<Buffer>((resolve, reject) => waiting.set(id, { resolve, reject }));
  worker.postMessage({ id, password: password.normalize("NFKC"), salt, length: KEY_BYTES, options: PARAMETERS });
  return key;
}

function startThread(): Thread {
  const waiting: Thread["waiting"] = new Map();
  const worker = new Worker(path.join(process.cwd(), "lib", "access", "hashes", "password-thread.mjs"));
  worker.on("message", ({ id, key }: { id: number; key: Uint8Array }) => {
    waiting.get(id)?.resolve(Buffer.from(key));
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
  });
  worker.on("error", (cause) => end(new Error("the thread that hashes passwords died", { cause })));
  worker.on("exit", () => end(new Error("the thread that hashes passwords ended")));
  function end(error: Error): void {
    if (shared.holdoutPasswords?.worker === worker) shared.holdoutPasswords = null;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }
  return { worker, waiting };
}
