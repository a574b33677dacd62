/** Bytes to text without loss: what isn't UTF-8 is refused, and its line is named. */
import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { TableError } from "../wire/alike/table-columns.ts";

const LINE_FEED = 10;
/** A row takes this many bytes at most: what is longer is no table. */
export const ROW_BYTES_MAX = 16 * 1024 * 1024;
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

function notUtf8(line: number, bytes: Buffer): TableError {
  const start = bytes[0]! + bytes[1]! * 256;
  const wide = line === 1 && (start === 0xfeff || start === 0xfffe);
  const from = bytes.findIndex((byte) => byte >= 0x80);
  const shown = wide
    ? ""
    : `, near ${JSON.stringify(bytes.subarray(Math.max(0, from - 20), from + 20).toString("latin1"))}`;
  return new TableError(
    "file",
    `line ${line} is not UTF-8${wide ? " but UTF-16" : ""}${shown}; save the file as UTF-8`,
  );
}

/** A file's bytes by whole lines: some lines a piece, without a byte order mark. Throws where one is too long, or isn't UTF-8. */
async function* wholeLines(file: string): AsyncGenerator<{ bytes: Buffer; firstLine: number }> {
  let rest: Buffer[] = [];
  let length = 0;
  let firstLine = 1;
  let isFirst = true;
  const take = (bytes: Buffer) => {
    if (!isUtf8(bytes)) throw badLine(bytes, firstLine);
    const piece = { bytes: isFirst && bytes.subarray(0, 3).equals(UTF8_MARK) ? bytes.subarray(3) : bytes, firstLine };
    isFirst = false;
    firstLine += countLines(bytes);
    return piece;
  };
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) {
      yield take(Buffer.concat([...rest, chunk.subarray(0, end)]));
      [rest, length] = [[], 0];
    }
    rest.push(chunk.subarray(end));
    length += chunk.length - end;
    if (length > ROW_BYTES_MAX)
      throw new TableError("file", `line ${firstLine} has more than ${ROW_BYTES_MAX} bytes; shorter lines are right`);
  }
  if (length > 0) yield take(Buffer.concat(rest));
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) lines++;
  return lines;
}

function badLine(bytes: Buffer, firstLine: number): TableError {
  let line = firstLine;
  for (let from = 0; from < bytes.length; line++) {
    const end = bytes.indexOf(LINE_FEED, from);
    const one = bytes.subarray(from, end < 0 ? bytes.length : end);
    if (!isUtf8(one)) return notUtf8(line, one);
    from = end < 0 ? bytes.length : end + 1;
  }
  return notUtf8(firstLine, bytes);
}

/** The file's text in pieces of whole lines. */
export async function* readText(file: string): AsyncGenerator<string> {
  for await (const { bytes } of wholeLines(file)) yield bytes.toString("utf8");
}

/** Its lines, which a line feed alone ends (U+2028 stands inside one), with their numbers from 1. */
export async function* readLines(file: string): AsyncGenerator<{ line: number; text: string }> {
  for await (const { bytes, firstLine } of wholeLines(file))
    for (const [at, text] of bytes.toString("utf8").split("\n").entries())
      yield { line: firstLine + at, text: text.endsWith("\r") ? text.slice(0, -1) : text };
}
