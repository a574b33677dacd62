/** Files in a bucket through the commands: claimed, backed up, restored, moved. Skipped where no S3 server is. */
import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../../db/connection.ts";
import { createTestDatabase, type TestDatabase } from "../../db/test-database.ts";
import type { BlobStore } from "../../lib/blobs/blob-store.ts";
import { folderStore } from "../../lib/blobs/folder-store.ts";
import { parseBucketPlace } from "../../lib/blobs/place.ts";
import { bucketStore } from "../../lib/blobs/s3-store.ts";
import { hasS3, type S3, startS3 } from "../../lib/blobs/test-s3.ts";
import { verifyBackup } from "../backup/file.ts";
import { restoreBackup } from "../backup/restore.ts";
import { writeBackup } from "../backup/write.ts";
import { requireFiles } from "../serve/files.ts";
import { claimFiles } from "../serve/shared/files-id.ts";
import { moveFiles } from "./move.ts";

const contents = ["", "a model's weights\n", "b".repeat(9_000_000), "c"].map((text) => Buffer.from(text));
const hashes = contents.map((content) => createHash("sha256").update(content).digest("hex"));

describe.skipIf(!hasS3("commands on files in a bucket"))("files in a bucket", () => {
  let s3: S3;
  let database: TestDatabase;
  let folder: string;
  let bucket: string;
  let made = 0;
  beforeAll(async () => {
    s3 = await startS3();
    bucket = await s3.newBucket();
    folder = await mkdtemp(path.join(tmpdir(), "holdout-move-"));
  });
  afterAll(async () => {
    await s3.stop();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    database = await createTestDatabase();
    return () => database.drop();
  });

  const newFolder = () => folderStore(path.join(folder, String(++made)));
  const newBucket = () => bucketStore(parseBucketPlace(`${bucket}/${++made}`)!, path.join(folder, "spool"));

  async function fill(store: BlobStore): Promise<void> {
    await requireFiles(store);
    await claimFiles(database.ownerUrl, store);
    const client = connect(database.ownerUrl, { max: 1 });
    for (const [at, content] of contents.entries()) {
      await (await store.stage(Readable.from(content.length > 0 ? [content] : []), 1e9)).keep();
      await client`insert into blobs (sha256, size_bytes) values (${hashes[at]!}, ${content.length})`;
    }
    await client.end();
  }
  async function holdsAll(store: BlobStore): Promise<boolean> {
    for (const [at, hash] of hashes.entries())
      if (!(await buffer(await store.read(hash))).equals(contents[at]!)) return false;
    return true;
  }
  const countIn = async (store: BlobStore) => {
    let count = 0;
    for await (const found of store.list(new Date(Date.now() + 60_000))) count += found.length;
    return count;
  };
  const move = (from: BlobStore, to: BlobStore, removes = false) =>
    moveFiles(database.ownerUrl, { from, to, removes, say: () => {} });

  test("a database keeps to the bucket and the prefix that it began with; another is refused, with the way out", async () => {
    const [first, second] = [newBucket(), newBucket()];
    await Promise.all([claimFiles(database.ownerUrl, first), claimFiles(database.ownerUrl, first)]);
    await claimFiles(database.ownerUrl, first);
    await expect(claimFiles(database.ownerUrl, second)).rejects.toThrow(
      new RegExp(`in another place than ${second.place}[^]*npm run files -- move[^]*aws s3 cp - ${second.place}/id`),
    );
    await expect(claimFiles(database.ownerUrl, newFolder())).rejects.toThrow(/in another folder than/);
  });

  test("a bucket that refuses is a refusal of the start that says what can't be done", async () => {
    const missing = bucketStore({ bucket: "holdout-no-such-bucket", prefix: "" }, path.join(folder, "spool"));
    await expect(requireFiles(missing)).rejects.toThrow(/^A file can't be written: .*NoSuchBucket/);
  });

  test.each([
    ["a bucket", "a folder"],
    ["a folder", "a bucket"],
  ])("a backup of files in %s is restored into %s, and what was there goes", async (from) => {
    const [source, target] = from === "a bucket" ? [newBucket(), newFolder()] : [newFolder(), newBucket()];
    await fill(source);
    await (await target.stage(Readable.from([Buffer.from("of another database")]), 100)).keep();
    const file = path.join(folder, `${++made}.tar`);
    await writeBackup(database.ownerUrl, source, file);
    const header = await verifyBackup(file);
    expect(header.damaged).toEqual([]);
    const other = await createTestDatabase();
    await restoreBackup(file, header, other, target);
    expect([await holdsAll(target), await countIn(target)]).toEqual([true, hashes.length]);
    await claimFiles(other.ownerUrl, target);
    await other.drop();
  });

  test.each([
    ["folder", "bucket"],
    ["bucket", "folder"],
  ])("a move from %s to %s brings all files, may be repeated, and leads the database there alone", async (from) => {
    const [source, target] = from === "folder" ? [newFolder(), newBucket()] : [newBucket(), newFolder()];
    await fill(source);
    const left = { missing: [], removed: null };
    expect(await move(source, target)).toEqual({ copied: hashes.length, wereThere: 0, ...left });
    expect(await holdsAll(target)).toBe(true);
    await claimFiles(database.ownerUrl, target);
    await expect(claimFiles(database.ownerUrl, source)).rejects.toThrow(/in another/);
    expect(await move(source, target)).toEqual({ copied: 0, wereThere: hashes.length, ...left });
    expect(await move(source, target, true)).toMatchObject({ removed: hashes.length });
    expect([await countIn(source), await holdsAll(target)]).toEqual([0, true]);
  });

  test("a move that broke off goes on, and until it is over the files are where they were", async () => {
    const [source, target] = [newFolder(), newBucket()];
    await fill(source);
    let brought = 0;
    const breaking: BlobStore = {
      ...target,
      stage: (...given) => {
        if (++brought > 2) throw new Error("the power is gone");
        return target.stage(...given);
      },
    };
    await expect(move(source, breaking)).rejects.toThrow("the power is gone");
    await claimFiles(database.ownerUrl, source);
    const { copied, wereThere } = await move(source, target);
    expect([copied + wereThere, wereThere > 0, await holdsAll(target)]).toEqual([hashes.length, true, true]);
    await claimFiles(database.ownerUrl, target);
  });

  test("what is damaged or missing where it was is named and left, and all others are moved", async () => {
    const [source, target] = [newFolder(), newBucket()];
    await fill(source);
    await writeFile(path.join(source.place, hashes[1]!.slice(0, 2), hashes[1]!), "a model's weighty\n");
    await source.remove(hashes[3]!);
    const { copied, missing } = await move(source, target, true);
    expect([copied, missing.sort()]).toEqual([2, [hashes[1]!, hashes[3]!].sort()]);
    expect(await target.sizeOf(hashes[1]!)).toBe(null);
    expect(await readdir(path.join(source.place, hashes[1]!.slice(0, 2)))).toContain(hashes[1]);
  });

  test("a move of another database's files is refused", async () => {
    await fill(newFolder());
    await expect(move(newFolder(), newBucket())).rejects.toThrow(/neither in .* nor in .*set HOLDOUT_FILES/);
  });
});
