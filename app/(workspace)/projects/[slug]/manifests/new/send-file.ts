import type { Problem } from "@/lib/wire/base/problem.ts";

export type Sent<Answer> = { ok: true; answer: Answer } | { ok: false; words: string };

/** Sends a file, or the beginning of one, to `address`; `onProgress` hears the share of it that has gone out, 0 to 1. */
export const sendFile = <Answer>(
  address: string,
  file: Blob,
  onProgress: (share: number) => void,
): Promise<Sent<Answer>> =>
  new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 1);
    request.onerror = () => resolve({ ok: false, words: "The server can't be reached; the file may be sent again." });
    request.onload = () => resolve(answerOf(request));
    request.open("POST", address);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.send(file);
  });

function answerOf<Answer>({ status, responseText }: XMLHttpRequest): Sent<Answer> {
  try {
    if (status < 300) return { ok: true, answer: JSON.parse(responseText) as Answer };
    return { ok: false, words: (JSON.parse(responseText) as Problem).detail };
  } catch {
    return { ok: false, words: `The server answered ${status}.` };
  }
}

const LINE_FEED = 10;
/** What is sent of a text file to be looked at. */
const LOOKED_AT_BYTES = 8 * 1024 * 1024;

/** The beginning of a text file, as whole lines; a Parquet file has its columns at its end, and is taken whole. */
export async function beginningOf(file: File, format: string): Promise<{ body: Blob; isPart: boolean }> {
  if (format === "parquet" || file.size <= LOOKED_AT_BYTES) return { body: file, isPart: false };
  const bytes = new Uint8Array(await file.slice(0, LOOKED_AT_BYTES).arrayBuffer());
  const end = bytes.lastIndexOf(LINE_FEED) + 1;
  return { body: file.slice(0, end || LOOKED_AT_BYTES), isPart: true };
}

const formats: Record<string, string> = {
  csv: "csv",
  txt: "csv",
  tsv: "tsv",
  jsonl: "jsonl",
  ndjson: "jsonl",
  parquet: "parquet",
};
export const fileEndings = Object.keys(formats).map((ending) => `.${ending}`);

/** The format of a file by its name; null: it is none that is read. */
export const formatOf = (name: string): string | null =>
  formats[/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ""] ?? null;
