/** The entries of a zip file, by the list at its end. */
import { crc32 } from "node:zlib";
import yauzl from "yauzl";
import type { Entry } from "./unpack.ts";

/** The field in which Info-ZIP keeps a name as UTF-8, behind a version and a CRC-32. */
const unicodePath = { id: 0x7075, before: 5 };
/** By the upper four bits of the mode that Unix gave it; 0 where another system packed it. */
const kinds: Record<number, string> = { 0: "file", 8: "file", 4: "folder", 10: "a symbolic link" };

/** Throws where it is no whole zip file. */
export async function* zipEntries(file: string): AsyncGenerator<Entry> {
  // names are held against our own rules: the library makes another path of a backslash
  const zip = await yauzl.openPromise(file, { autoClose: false, decodeStrings: false });
  try {
    for await (const entry of zip.eachEntry()) {
      const name = nameOf(entry);
      yield { name, kind: kindOf(entry, name), open: () => contentOf(zip, entry) };
    }
  } finally {
    zip.close();
  }
}

/** What isn't UTF-8 has U+FFFD in it. */
function nameOf({ fileName, extraFields }: yauzl.Entry): string {
  const field = extraFields.find(({ id }) => id === unicodePath.id);
  return (field ? field.data.subarray(unicodePath.before) : (fileName as unknown as Buffer)).toString("utf8");
}

function kindOf({ generalPurposeBitFlag, externalFileAttributes }: yauzl.Entry, name: string): string {
  if (generalPurposeBitFlag & 1) return "an encrypted file (pack it without a password)";
  const type = externalFileAttributes >>> 28;
  if (type === 0 && name.endsWith("/")) return "folder";
  return kinds[type] ?? "a special file";
}

/** Throws at its end where it isn't what was packed. */
async function* contentOf(zip: yauzl.ZipFile, entry: yauzl.Entry): AsyncGenerator<Buffer> {
  let sum = 0;
  for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (sum !== entry.crc32) throw new Error("its content has another CRC-32 than the archive says");
}
