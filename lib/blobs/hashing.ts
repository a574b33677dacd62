/** The SHA-256 of what passes, on its way in and on its way out. */
import { createHash } from "node:crypto";
import { Transform } from "node:stream";
import { ProblemError } from "../problem.ts";

export type Hashed = { sha256: string; sizeBytes: number };

/** `result` is of what has passed, once all of it has. The meter throws `too-large` beyond `maxBytes`. */
export function hashing(maxBytes: number): { meter: Transform; result: () => Hashed } {
  const hash = createHash("sha256");
  const isTurnOver = turns();
  let sizeBytes = 0;
  let sha256: string | null = null;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length;
      hash.update(chunk);
      if (sizeBytes > maxBytes) done(new ProblemError("too-large", `the file has more than ${maxBytes} bytes`));
      else if (isTurnOver(chunk.length)) setImmediate(done, null, chunk);
      else done(null, chunk);
    },
  });
  const result = () => {
    sha256 ??= hash.digest("hex");
    return { sha256, sizeBytes };
  };
  return { meter, result };
}

/** Bytes that pass before other requests have their turn: a stream whose bytes are all here goes on without. */
const TURN_BYTES = 512 * 1024;

/** Says of each piece whether it is the last of its turn. */
function turns(): (bytes: number) => boolean {
  let passed = 0;
  return (bytes) => {
    passed += bytes;
    if (passed < TURN_BYTES) return false;
    passed = 0;
    return true;
  };
}

/** Lets bytes pass, and fails at their end where they don't have this hash. */
export function verifying(sha256: string): Transform {
  const hash = createHash("sha256");
  const isTurnOver = turns();
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      if (isTurnOver(chunk.length)) setImmediate(done, null, chunk);
      else done(null, chunk);
    },
    flush(done) {
      done(damage(sha256, hash.digest("hex")));
    },
  });
}

/** What is wrong with a file that has the hash `now`; null: nothing. */
export const damage = (sha256: string, now: string): Error | null =>
  now === sha256 ? null : new Error(`the stored file ${sha256} is damaged: its SHA-256 is now ${now}`);
