/** Pictures for a page, decoded and encoded anew, one at a time, in a process that is killed where it takes too long. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { logError } from "../log.ts";
import { ProblemError } from "../problem.ts";

export const PICTURE_FORMATS = "PNG, JPEG, WebP or GIF";
/** In the checkout, where every command runs. Not named where it is started: the bundler would take it for a part of the app. */
const PROGRAM = ["lib", "artifacts", "decode-picture-process.mjs"].join("/");
const DECODE_MS = 10_000;
/** Requests that wait for their turn; more are told to come again. */
const WAITING_MAX = 100;
const IDLE_MS = 30_000;

const startsWith = (bytes: Uint8Array, text: string, at = 0) =>
  Buffer.from(bytes.subarray(at, at + text.length)).toString("latin1") === text;

/** Whether a file is a picture that is shown, by its first bytes alone: names and types are what somebody said. */
export const isPicture = (bytes: Uint8Array): boolean =>
  startsWith(bytes, "\x89PNG\r\n\x1a\n") ||
  startsWith(bytes, "\xff\xd8\xff") ||
  startsWith(bytes, "GIF87a") ||
  startsWith(bytes, "GIF89a") ||
  (startsWith(bytes, "RIFF") && startsWith(bytes, "WEBP", 8));

type Decoder = { child: ChildProcess | null; last: Promise<unknown>; waiting: number; idle?: NodeJS.Timeout };
// one a process, also where a bundler loads this module more than once
const cache = globalThis as { holdoutDecoder?: Decoder };

/**
 * The picture that `read` gives, as PNG of at most 2048 pixels a side, so that nothing but pixels reaches a page. Throws
 * `invalid` for what is no picture of the four formats, or takes longer than ten seconds; `unavailable` where too many wait.
 */
export async function decodePicture(read: () => Promise<Uint8Array>): Promise<Buffer<ArrayBuffer>> {
  cache.holdoutDecoder ??= { child: null, last: Promise.resolve(), waiting: 0 };
  const decoder = cache.holdoutDecoder;
  if (decoder.waiting >= WAITING_MAX)
    throw new ProblemError("unavailable", `${WAITING_MAX} pictures wait to be decoded; send the request again`);
  decoder.waiting++;
  const turn = decoder.last.then(async () => {
    const bytes = await read();
    if (!isPicture(bytes)) throw new ProblemError("invalid", `no picture: its bytes are not ${PICTURE_FORMATS}`);
    return decode(decoder, bytes);
  });
  decoder.last = turn.catch(() => {});
  return turn.finally(() => decoder.waiting--);
}

async function decode(decoder: Decoder, bytes: Uint8Array): Promise<Buffer<ArrayBuffer>> {
  clearTimeout(decoder.idle);
  decoder.child ??= start(decoder);
  const { child } = decoder;
  const ended = new AbortController();
  const late = setTimeout(() => child.kill("SIGKILL"), DECODE_MS);
  try {
    child.send({ bytes });
    const answer = await Promise.race([
      once(child, "message", { signal: ended.signal }),
      once(child, "exit", { signal: ended.signal }).then(() => null),
    ]);
    if (!answer) throw new ProblemError("invalid", `the picture can't be decoded within ${DECODE_MS / 1000} s`);
    const { png, error } = answer[0] as { png?: Uint8Array; error?: string };
    if (!png) throw new ProblemError("invalid", `no ${PICTURE_FORMATS} that can be decoded: ${error}`);
    return Buffer.from(png);
  } finally {
    clearTimeout(late);
    ended.abort();
    decoder.idle = setTimeout(() => child.kill(), IDLE_MS).unref();
  }
}

function start(decoder: Decoder): ChildProcess {
  const child = spawn(process.execPath, ["--max-old-space-size=512", path.resolve(PROGRAM)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    serialization: "advanced",
    // nothing of the server's: no address of the database, no secret
    env: { PATH: process.env.PATH, NODE_ENV: process.env.NODE_ENV },
  });
  child.on("error", (error) => logError("the process that decodes pictures", error));
  child.on("exit", () => {
    if (decoder.child === child) decoder.child = null;
  });
  // it keeps nobody from ending
  child.unref();
  child.channel?.unref();
  return child;
}
