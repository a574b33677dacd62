/** What every store of files promises: the folder always, a bucket where an S3 server is installed. */
import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BlobStore } from "./blob-store.ts";
import { folderStore } from "./folder-store.ts";
import { parseBucketPlace } from "./place.ts";
import { openBucket } from "./s3-client.ts";
import { bucketStore } from "./s3-store.ts";
import { hasS3, type S3, startS3 } from "./test-s3.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "holdout-stores-"));
});
afterAll(() => rm(folder, { recursive: true }));

const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");
const LATER = () => new Date(Date.now() + 48 * 60 * 60_000);
/** More than two parts of a bucket's file, no byte like its neighbours. */
const LONG = Buffer.from(Uint8Array.from({ length: 20_000_000 }, (_, at) => (at * 2_654_435_761) >>> 24));
const inPieces = (content: Buffer) =>
  Readable.from(
    Array.from({ length: Math.ceil(content.length / 70_000) }, (_, at) =>
      content.subarray(at * 70_000, at * 70_000 + 70_000),
    ),
  );

type Tried = {
  store: BlobStore;
  /** Puts other bytes in a file's place, as a fault of the disk would. */
  damage: (hash: string, bytes: Buffer) => Promise<void>;
  /** How much of files that aren't whole lies there. */
  countLeft: () => Promise<number>;
};

async function keep(store: BlobStore, content: string | Buffer, expected: string | null = null): Promise<string> {
  const bytes = Buffer.from(content);
  const staged = await store.stage(inPieces(bytes), 1e9, expected);
  await staged.keep();
  await staged.discard();
  return staged.sha256;
}

async function listAll(store: BlobStore, before: Date): Promise<string[]> {
  const found: string[] = [];
  for await (const hashes of store.list(before)) found.push(...hashes);
  return found;
}

const tried = { bucket: undefined as Tried | undefined, folder: undefined as Tried | undefined };

beforeAll(() => {
  const place = path.join(folder, "blobs");
  const fileOf = (hash: string) => path.join(place, hash.slice(0, 2), hash);
  tried.folder = {
    store: folderStore(place),
    damage: (hash, bytes) => writeFile(fileOf(hash), bytes),
    countLeft: async () => (await readdir(path.join(place, "staging")).catch(() => [])).length,
  };
});

const isS3 = hasS3("files in a bucket, by the promises of every store");
let s3: S3 | null = null;
beforeAll(async () => {
  if (!isS3) return;
  s3 = await startS3();
  const place = parseBucketPlace(`${await s3.newBucket()}/team/files`)!;
  const spool = path.join(folder, "spool");
  const { client, sdk } = await openBucket();
  tried.bucket = {
    store: bucketStore(place, spool),
    damage: async (hash, Body) => {
      const Key = `${place.prefix}${hash.slice(0, 2)}/${hash}`;
      await client.send(new sdk.PutObjectCommand({ Bucket: place.bucket, Key, Body }));
    },
    countLeft: async () => {
      const { Uploads = [] } = await client.send(new sdk.ListMultipartUploadsCommand({ Bucket: place.bucket }));
      return Uploads.length + (await readdir(spool).catch(() => [])).length;
    },
  };
});
afterAll(async () => s3?.stop());

describe.each(isS3 ? (["folder", "bucket"] as const) : (["folder"] as const))("a %s", (kind) => {
  const at = () => tried[kind]!;

  test.each([
    ["nothing", Buffer.alloc(0)],
    ["a little", Buffer.from("hello")],
    ["more than a part", LONG],
  ])(
    "%s that is kept reads back, whole and in parts, whether or not its sender said the hash",
    async (_what, content) => {
      const { store } = at();
      for (const expected of [null, sha256(content)]) {
        expect(await keep(store, content, expected)).toBe(sha256(content));
        expect(await store.sizeOf(sha256(content))).toBe(content.length);
        expect((await buffer(await store.read(sha256(content)))).equals(content)).toBe(true);
        if (content.length > 0) {
          const part = { first: Math.floor(content.length / 3), last: content.length - 2 };
          const read = await buffer(await store.read(sha256(content), part));
          expect(read.equals(content.subarray(part.first, part.last + 1))).toBe(true);
        }
        await store.remove(sha256(content));
        expect(await store.sizeOf(sha256(content))).toBe(null);
        await store.remove(sha256(content));
      }
    },
  );

  test("what isn't there is said, and isn't an empty file", async () => {
    const { store } = at();
    expect(await store.sizeOf(sha256("never stored"))).toBe(null);
    await expect(store.read(sha256("never stored"))).rejects.toMatchObject({ kind: "not-found" });
    const first = { first: 0, last: 1 };
    await expect(store.read(sha256("never stored"), first)).rejects.toMatchObject({ kind: "not-found" });
  });

  test.each([Buffer.from("precious"), LONG])("a file that was damaged fails at its end (%#)", async (content) => {
    const { store, damage } = at();
    const hash = await keep(store, content);
    const changed = Buffer.from(content);
    changed[5]! ^= 1;
    await damage(hash, changed);
    await expect(buffer(await store.read(hash))).rejects.toThrow("is damaged");
    // what comes again mends it
    await keep(store, content);
    expect((await buffer(await store.read(hash))).equals(content)).toBe(true);
    await store.remove(hash);
  });

  test.each(["short", "long"] as const)(
    "content of another hash than was said is kept nowhere (%s)",
    async (length) => {
      const { store, countLeft } = at();
      const content = length === "short" ? Buffer.from("torn") : LONG;
      for (const said of [sha256("whole"), "no hash at all"]) {
        const staged = await store.stage(inPieces(content), 1e9, said);
        expect(staged.sha256).toBe(sha256(content));
        await staged.discard();
        for (const hash of [sha256("whole"), sha256(content)]) {
          const isThere = (await store.sizeOf(hash)) !== null;
          // a hash that can't be one is the caller's to refuse: what it named may be swept
          if (said === sha256("whole")) expect(isThere).toBe(false);
          await store.remove(hash);
        }
      }
      expect(await countLeft()).toBe(0);
    },
  );

  test.each([10, 9_000_000])(
    "a file beyond the limit of %d bytes is refused, and nothing of it stays",
    async (limit) => {
      const { store, countLeft } = at();
      const content = LONG.subarray(0, limit + 1);
      for (const expected of [null, sha256(content)])
        await expect(store.stage(inPieces(content), limit, expected)).rejects.toMatchObject({ kind: "too-large" });
      expect([await store.sizeOf(sha256(content)), await countLeft()]).toEqual([null, 0]);
    },
  );

  test("a sender that breaks off leaves nothing, and the error is its own", async () => {
    const { store, countLeft } = at();
    for (const expected of [null, sha256(LONG)])
      for (const bytes of [1000, 12_000_000]) {
        const torn = Readable.from(
          (async function* () {
            yield LONG.subarray(0, bytes);
            throw new Error("the sender is gone");
          })(),
        );
        await expect(store.stage(torn, 1e9, expected)).rejects.toThrow("the sender is gone");
      }
    expect([await store.sizeOf(sha256(LONG)), await countLeft()]).toEqual([null, 0]);
  });

  test("files are listed by age, and nothing else is", async () => {
    const { store } = at();
    const hashes = await Promise.all(["one", "two", "three"].map((content) => keep(store, content)));
    await store.writeId("an id");
    expect((await listAll(store, LATER())).sort()).toEqual(hashes.sort());
    expect(await listAll(store, new Date(Date.now() - 60_000))).toEqual([]);
    for (const hash of hashes) await store.remove(hash);
  });

  test("its id is what was written last, and nothing before and after", async () => {
    const { store } = at();
    await store.writeId("first");
    await store.writeId("second");
    expect((await store.readId())?.trim()).toBe("second");
    await store.writeId(null);
    await store.writeId(null);
    expect(await store.readId()).toBe(null);
  });

  test("it is tried out without a trace, and answers", async () => {
    const { store, countLeft } = at();
    await store.tryOut();
    await store.reach();
    expect([await listAll(store, LATER()), await countLeft()]).toEqual([[], 0]);
  });

  test("a reader that goes away before the end, or before the beginning, keeps nobody else waiting", async () => {
    const { store } = at();
    const hash = await keep(store, LONG.subarray(0, 500_000));
    // more than a bucket's connections
    for (let reader = 0; reader < 70; reader++) (await store.read(hash)).destroy();
    for await (const _piece of await store.read(hash)) break;
    expect(await text(await store.read(hash, { first: 0, last: 0 }))).toBe(LONG.subarray(0, 1).toString());
    await store.remove(hash);
  });
});
