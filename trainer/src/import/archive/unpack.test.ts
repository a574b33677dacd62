import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import { packTar, type TarEntry } from "modern-tar";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { withUnpacked } from "./unpack.ts";

const home = mkdtempSync(path.join(tmpdir(), "holdout-archives-"));
const before = process.env.TMPDIR;
beforeAll(() => {
  process.env.TMPDIR = home;
});
afterAll(() => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  rmSync(home, { recursive: true, force: true });
});
// whatever an archive was, nothing that it was unpacked to stays
afterEach(() => expect(readdirSync(home).filter((name) => name.startsWith("holdout-unpacked-"))).toEqual([]));

type Packed = {
  name: string | Buffer;
  text?: string;
  mode?: number;
  flag?: number;
  method?: number;
  saysBytes?: number;
  sum?: number;
};

/** A zip file as its format says (PKWARE's APPNOTE 4.3), with whatever a stranger would write into it. */
function zipOf(entries: Packed[]): Buffer {
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const { name, text = "", mode = 0, flag = 0, method = 8, saysBytes, sum } of entries) {
    const bytes = Buffer.from(name);
    const body = deflateRawSync(text);
    const head = Buffer.alloc(26);
    for (const [value, place] of [
      [20, 0],
      [flag, 2],
      [method, 4],
    ] as const)
      head.writeUInt16LE(value, place);
    head.writeUInt32LE(sum ?? crc32(text), 10);
    head.writeUInt32LE(body.length, 14);
    head.writeUInt32LE(saysBytes ?? Buffer.byteLength(text), 18);
    head.writeUInt16LE(bytes.length, 22);
    parts.push(Buffer.from("PK\x03\x04"), head, bytes, body);
    const tail = Buffer.alloc(16);
    tail.writeUInt32LE((mode << 16) >>> 0, 8);
    tail.writeUInt32LE(at, 12);
    list.push(Buffer.from("PK\x01\x02"), Buffer.from([20, 3]), head, tail.subarray(2), bytes);
    at += 30 + bytes.length + body.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(Buffer.concat(list).length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, ...list, Buffer.from("PK\x05\x06"), end]);
}

const entry = (name: string, change: Partial<TarEntry["header"]> = {}, body = ""): TarEntry => ({
  header: { name, size: body.length, type: "file", ...change },
  body,
});
const tarOf = async (...entries: TarEntry[]) => Buffer.from(await packTar(entries));

function unpack(name: string, bytes: Uint8Array, limits?: { bytes: number; entries: number }) {
  const file = path.join(home, name);
  writeFileSync(file, bytes);
  return withUnpacked(
    file,
    async (place) => {
      const files = readdirSync(place, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
      const texts = files.map((one) => {
        const at = path.join(one.parentPath, one.name);
        return [path.relative(place, at), readFileSync(at, "utf8")];
      });
      return { place: path.basename(place), texts: Object.fromEntries(texts) as Record<string, string> };
    },
    limits,
  );
}

const whole = { "0/meta.yaml": "name: a", "0/é.txt": "ü" };
const wholeTar = () =>
  tarOf(
    ...Object.entries(whole).map(([name, text]) => entry(`mlruns/${name}`, { size: Buffer.byteLength(text) }, text)),
  );

test("a zip, a tar and a gzipped tar are the folder that they hold, and what macOS adds is none of it", async () => {
  const zip = zipOf([
    { name: "mlruns/", mode: 0o040755 },
    ...Object.entries(whole).map(([name, text]) => ({ name: `mlruns/${name}`, text, mode: 0o100644 })),
    { name: "__MACOSX/mlruns/._0", text: "x" },
  ]);
  const held = { place: "mlruns", texts: whole };
  expect(await unpack("a.zip", zip)).toEqual(held);
  expect(await unpack("a.tar", await wholeTar())).toEqual(held);
  expect(await unpack("a.tar.gz", gzipSync(await wholeTar()))).toEqual(held);
  expect(await unpack("a.TGZ", gzipSync(await wholeTar()))).toEqual(held);
});

test("an archive of several folders is named as its file, and a place that is no archive is itself", async () => {
  const zip = zipOf([
    { name: "0/a", text: "1" },
    { name: "1/a", text: "2" },
  ]);
  expect(await unpack("history.zip", zip)).toEqual({ place: "history", texts: { "0/a": "1", "1/a": "2" } });
  expect(await withUnpacked(home, async (place) => place)).toBe(home);
});

const bad: [string, string, () => Uint8Array | Promise<Uint8Array>, RegExp][] = [
  ["leads out", "a.zip", () => zipOf([{ name: "../out.txt", text: "x" }]), /"\.\.\/out\.txt" leads out of the archive/],
  ["leads out by a backslash", "a.zip", () => zipOf([{ name: "a\\..\\..\\out", text: "x" }]), /leads out/],
  ["is absolute", "a.zip", () => zipOf([{ name: "/tmp/out.txt", text: "x" }]), /"\/tmp\/out\.txt" is an absolute path/],
  ["is absolute on Windows", "a.zip", () => zipOf([{ name: "C:/out.txt", text: "x" }]), /is an absolute path/],
  ["is a link", "a.zip", () => zipOf([{ name: "l", text: "/etc", mode: 0o120777 }]), /"l" is a symbolic link/],
  [
    "is encrypted",
    "a.zip",
    () => zipOf([{ name: "s", text: "x", flag: 1 }]),
    /"s" is an encrypted file \(pack it without/,
  ],
  ["is there twice", "a.zip", () => zipOf([{ name: "a" }, { name: "a" }]), /"a" is there twice/],
  ["is a file and a folder", "a.zip", () => zipOf([{ name: "a" }, { name: "a/b" }]), /"a\/b" is there twice/],
  ["isn't UTF-8", "a.zip", () => zipOf([{ name: Buffer.from([0x93, 0xfa]) }]), /isn't UTF-8; pack it anew/],
  [
    "is packed as nobody reads",
    "a.zip",
    () => zipOf([{ name: "a", method: 14 }]),
    /"a" is damaged: unsupported compression/,
  ],
  [
    "is larger than it says",
    "a.zip",
    () => zipOf([{ name: "a", text: "xxxx", saysBytes: 2 }]),
    /"a" is damaged: too many bytes/,
  ],
  [
    "was changed",
    "a.zip",
    () => zipOf([{ name: "a", text: "x", sum: 7 }]),
    /"a" is damaged: its content has another CRC-32/,
  ],
  ["is cut off", "a.zip", () => zipOf([{ name: "a", text: "x" }]).subarray(0, -10), /can't be unpacked/],
  ["is no zip", "a.zip", () => Buffer.from("no archive at all, but a text"), /can't be unpacked/],
  ["leads out", "a.tar", () => tarOf(entry("../out.txt")), /"\.\.\/out\.txt" leads out of the archive/],
  ["is absolute", "a.tar", () => tarOf(entry("/tmp/out.txt")), /is an absolute path/],
  ["is a link", "a.tar", () => tarOf(entry("l", { type: "symlink", linkname: "/etc" })), /"l" is a symbolic link/],
  ["is a hard link", "a.tar", () => tarOf(entry("l", { type: "link", linkname: "/etc/passwd" })), /"l" is a hard link/],
  ["is there twice", "a.tar", () => tarOf(entry("a"), entry("a")), /"a" is there twice/],
  ["is cut off", "a.tar", async () => (await wholeTar()).subarray(0, 700), /can't be unpacked/],
  ["is cut off", "a.tar.gz", async () => gzipSync(await wholeTar()).subarray(0, -20), /can't be unpacked/],
  ["is no tar", "a.tar", () => Buffer.from("no archive at all, but a text".repeat(40)), /can't be unpacked/],
  ["is empty", "a.tar", () => tarOf(), /it is empty/],
  [
    "is of another format",
    "a.7z",
    () => Buffer.from("7z"),
    /of archives \.zip, \.tar, \.tar\.gz and \.tgz are unpacked/,
  ],
];
test.each(bad)("what %s in %s is refused by name", async (_, name, bytes, why) => {
  await expect(unpack(name, await bytes())).rejects.toThrow(why);
  expect(existsSync(path.join(home, "out.txt"))).toBe(false);
});

test("an archive that would fill the disk ends at the limit, which the refusal says", async () => {
  const limits = { bytes: 1000, entries: 3 };
  const bomb = { name: "zeros", text: "0".repeat(100_000) };
  await expect(unpack("a.zip", zipOf([bomb]), limits)).rejects.toThrow(
    "it unpacks to more than 1000 bytes; if it is yours",
  );
  const tar = await tarOf(entry("zeros", { size: 100_000 }, bomb.text));
  await expect(unpack("a.tar.gz", gzipSync(tar), limits)).rejects.toThrow("more than 1000 bytes");
  const many = ["a", "b", "c", "d"].map((name) => ({ name }));
  await expect(unpack("a.zip", zipOf(many), limits)).rejects.toThrow("more than 3 entries");
});
