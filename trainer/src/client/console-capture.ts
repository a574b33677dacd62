/** What a process prints, kept for its run: bounded, without colours, and with what looks like a secret replaced. */
import { redact } from "./capture.ts";

/** A piece goes out when it is as long as this, */
const PIECE_CHARACTERS = 64 * 1024;
/** or as old: at first so soon, then each time twice as late, up to the second. */
const FIRST_MS = 2_000;
const LAST_MS = 300_000;
/** More than this is counted, not kept. */
const CHARACTERS_MAX = 4 * 1024 * 1024;

type Write = NodeJS.WriteStream["write"];
type Stream = NodeJS.WriteStream & { fd: number };

/** Listens to standard output and error until `stop`; hands over pieces of whole lines, in order. */
export class ConsoleCapture {
  #text = "";
  #kept = 0;
  #left = 0;
  #wait = FIRST_MS;
  #timer: NodeJS.Timeout | null = null;
  #restore: (() => void)[] = [];
  #stopped = false;

  constructor(readonly onPiece: (text: string) => void) {
    for (const stream of [process.stdout, process.stderr]) this.#listen(stream);
  }

  #listen(stream: Stream): void {
    const own = stream.write;
    const heard: Write = (chunk: Uint8Array | string, ...rest: unknown[]) => {
      this.#hear(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8"));
      return (own as (...given: unknown[]) => boolean).call(stream, chunk, ...rest);
    };
    stream.write = heard;
    this.#restore.push(() => {
      // another may have put its own over ours meanwhile; then ours stays below it, and hears nothing of use
      if (stream.write === heard) stream.write = own;
    });
  }

  #hear(chunk: string): void {
    if (this.#stopped) return;
    if (this.#kept + this.#text.length > CHARACTERS_MAX) {
      this.#left += chunk.length;
      return;
    }
    this.#text += chunk;
    if (this.#text.length >= PIECE_CHARACTERS) this.#send(false);
    else this.#timer ??= setTimeout(() => this.#send(false), this.#wait).unref();
  }

  /** Up to the last line end; at the end all. */
  #send(all: boolean): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#wait = Math.min(this.#wait * 2, LAST_MS);
    const end = all || this.#text.length >= 2 * PIECE_CHARACTERS ? this.#text.length : this.#text.lastIndexOf("\n") + 1;
    const piece = readable(this.#text.slice(0, end));
    this.#text = this.#text.slice(end);
    this.#kept += piece.length;
    if (piece !== "") this.onPiece(piece);
  }

  /** Hands over what is left. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const restore of this.#restore) restore();
    if (this.#left > 0) this.#text += `\n[${this.#left} more characters weren't kept]\n`;
    this.#send(true);
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

/** Without colours and cursor moves; of a line that was drawn again and again, the last; secrets replaced. */
export function readable(text: string): string {
  const lines = text.replace(escapes, "").replaceAll("\r\n", "\n").split("\n");
  const last = (line: string) => line.slice(line.replace(/\r+$/, "").lastIndexOf("\r") + 1).replaceAll("\r", "");
  return redact(lines.map(last).join("\n")).replaceAll("\u0000", "\ufffd");
}
