/** A bucket that is away, slow, shut or changed, and what people and programs hear of it. Skipped where no S3 server is. */
import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { connections } from "../../db/connection.ts";
import { blobs } from "../../db/schema/files.ts";
import { systemActor } from "../access/actor.ts";
import { putArtifact, readArtifact } from "../artifacts/artifacts.ts";
import { readHealth } from "../health.ts";
import { deleteRun, purgeRun } from "../runs/deleted.ts";
import { newProject, newRun, prepareWorkspace } from "../test-workspace.ts";
import type { BlobStore } from "./blob-store.ts";
import { blobStore, removeUnusedBlobs, sweepBlobs } from "./blobs.ts";
import { type BucketPlace, parseBucketPlace } from "./place.ts";
import { openBucket } from "./s3-client.ts";
import { bucketStore } from "./s3-store.ts";
import { hasS3, type Line, openLine, type S3, startS3 } from "./test-s3.ts";

const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");
const LONG = Buffer.from(Uint8Array.from({ length: 20_000_000 }, (_, at) => (at * 2_654_435_761) >>> 24));
/** So that a halt is noticed soon. */
const patience = { connectMs: 500, idleMs: 700, quickMs: 700 };

describe.skipIf(!hasS3("a bucket that is away, slow or shut"))("a bucket", () => {
  prepareWorkspace();
  let s3: S3;
  let line: Line;
  let place: BucketPlace;
  let spool: string;
  let address: string;
  beforeAll(async () => {
    s3 = await startS3();
    address = `${await s3.newBucket()}/team`;
    place = parseBucketPlace(address)!;
    line = await openLine(s3.port);
    spool = await mkdtemp(path.join(tmpdir(), "holdout-spool-"));
    vi.stubEnv("HOLDOUT_FILES", address);
  });
  afterEach(async () => {
    await line.mend();
    vi.stubEnv("AWS_ENDPOINT_URL_S3", s3.endpoint);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", s3.environment.AWS_SECRET_ACCESS_KEY!);
  });
  afterAll(async () => {
    await line.cut();
    await s3.stop();
    vi.unstubAllEnvs();
    await rm(spool, { recursive: true });
  });

  /** The same bucket by the line. */
  async function throughLine(): Promise<BlobStore> {
    vi.stubEnv("AWS_ENDPOINT_URL_S3", line.url);
    const store = bucketStore(place, spool, patience);
    await store.reach();
    return store;
  }
  const keep = async (store: BlobStore, content: Buffer, expected: string | null = null) => {
    const staged = await store.stage(Readable.from([content]), 1e9, expected);
    await staged.keep();
    return staged.sha256;
  };
  const put = (run: string, where: string, content: Buffer | string) =>
    putArtifact(systemActor, run, {
      path: where,
      contentType: "text/plain",
      expectedSha256: null,
      content: Readable.from([Buffer.from(content)]),
    });

  test.each([
    ["is cut off", () => line.cut()],
    ["doesn't answer", async () => line.halt()],
  ])("that %s is said to be away by every call, and works again after it", async (_what, trouble) => {
    const store = await throughLine();
    const hash = await keep(store, Buffer.from("before"));
    const staged = await store.stage(Readable.from([Buffer.from("under way")]), 100);
    await trouble();
    const refused = {
      kind: "unavailable",
      status: 503,
      detail: expect.stringMatching(/is away \((ECONNREFUSED|no answer in time)\); send the request again/),
    };
    const calls = [
      () => store.read(hash),
      () => store.sizeOf(hash),
      () => store.remove(hash),
      () => store.stage(Readable.from([Buffer.from("short")]), 100),
      () => store.stage(Readable.from([LONG]), 1e9, sha256(LONG)),
      () => store.stage(Readable.from([LONG]), 1e9),
      () => staged.keep(),
      () => store.readId(),
      () => store.reach(),
      () => store.list(new Date()).next(),
    ];
    for (const outcome of await Promise.allSettled(calls.map((call) => call())))
      expect(outcome).toMatchObject({ status: "rejected", reason: refused });
    expect(await readdir(spool)).toEqual([]);
    await line.mend();
    await staged.keep();
    expect(String(await buffer(await store.read(hash)))).toBe("before");
  });

  test("whose answers break off is read on from there, whole and in part; one that always breaks fails", async () => {
    const store = await throughLine();
    const hash = await keep(store, LONG, sha256(LONG));
    line.breakAfter(3_000_000);
    expect((await buffer(await store.read(hash))).equals(LONG)).toBe(true);
    const part = await buffer(await store.read(hash, { first: 10, last: 9_000_009 }));
    expect(part.equals(LONG.subarray(10, 9_000_010))).toBe(true);
    const reading = await store.read(hash);
    line.breakAfter(0);
    await expect(buffer(reading)).rejects.toMatchObject({ kind: "unavailable" });
    await line.mend();
    await store.remove(hash);
  });

  test("that halts in the middle of an upload or a download is given up, and leaves nothing that is counted as a file", async () => {
    const store = await throughLine();
    const half = Readable.from(
      (async function* () {
        yield LONG.subarray(0, 9_000_000);
        line.halt();
        yield LONG.subarray(9_000_000);
      })(),
    );
    await expect(store.stage(half, 1e9, sha256(LONG))).rejects.toMatchObject({ kind: "unavailable" });
    await line.mend();
    expect(await store.sizeOf(sha256(LONG))).toBe(null);
    const hash = await keep(store, LONG);
    const reading = await store.read(hash);
    line.halt();
    await expect(buffer(reading)).rejects.toMatchObject({ kind: "unavailable" });
    await line.mend();
    expect(await store.sizeOf(hash)).toBe(LONG.length);
    await store.remove(hash);
  });

  test("keeps the parts of an upload that broke off for a day, in which it may be under way, and no longer", async () => {
    const { client, sdk } = await openBucket();
    const store = blobStore();
    const Key = `${place.prefix}ab/${"ab".repeat(32)}`;
    await client.send(new sdk.CreateMultipartUploadCommand({ Bucket: place.bucket, Key }));
    const left = async () =>
      (await client.send(new sdk.ListMultipartUploadsCommand({ Bucket: place.bucket }))).Uploads?.length ?? 0;
    await store.sweepStaging(new Date());
    expect(await left()).toBe(1);
    await store.sweepStaging(new Date(Date.now() + 25 * 60 * 60_000));
    expect(await left()).toBe(0);
  });

  test("that refuses the key is named at start, and says who mends it", async () => {
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "wrong");
    const store = bucketStore(place, spool, patience);
    const detail = expect.stringMatching(
      /^A file can't be written: the files' bucket s3:\S+ refuses this server \(SignatureDoesNotMatch\): whoever runs it mends its credentials/,
    );
    await expect(store.tryOut()).rejects.toMatchObject({ kind: "unavailable", detail });
    await expect(store.reach()).rejects.toMatchObject({ kind: "unavailable" });
    await expect(store.read(sha256("x"))).rejects.toMatchObject({ kind: "unavailable" });
  });

  test("that isn't there is named", async () => {
    const store = bucketStore({ bucket: "holdout-no-such-bucket", prefix: "" }, spool, patience);
    const detail = expect.stringContaining("s3://holdout-no-such-bucket isn't there (NoSuchBucket)");
    await expect(store.tryOut()).rejects.toMatchObject({ kind: "unavailable", detail });
    await expect(store.read(sha256("x"))).rejects.toMatchObject({ kind: "unavailable", detail });
  });

  test("that is away is said by the health answer, which is of a server that goes on", async () => {
    expect(await readHealth()).not.toHaveProperty("files");
    vi.stubEnv("HOLDOUT_FILES", `s3://${place.bucket}/by-the-line`);
    vi.stubEnv("AWS_ENDPOINT_URL_S3", line.url);
    await line.cut();
    expect(await readHealth()).toMatchObject({ files: expect.stringContaining("is away (ECONNREFUSED)") });
    vi.stubEnv("HOLDOUT_FILES", address);
  });

  test("holds files of runs, each once, until nobody refers to them", async () => {
    const project = await newProject();
    const [{ run }, { run: other }] = [await newRun(project), await newRun(project)];
    const stored = await put(run.id, "w.bin", LONG);
    expect(await put(run.id, "w.bin", LONG)).toEqual(stored);
    await put(other.id, "both.txt", "both");
    await put(run.id, "both.txt", "both");
    const { content } = await readArtifact(systemActor, run.id, "w.bin");
    expect((await buffer(content)).equals(LONG)).toBe(true);
    await deleteRun(systemActor, run.id);
    await purgeRun(systemActor, run.id);
    expect(await blobStore().sizeOf(sha256(LONG))).toBe(null);
    expect(await blobStore().sizeOf(sha256("both"))).toBe(4);
  });

  test("a removal that comes between a file and its row makes the sender send again, and no row without a file", async () => {
    const { run } = await newRun(await newProject());
    const content = Buffer.from("removed while it came");
    const staged = await blobStore().stage(Readable.from([content]), 100);
    // an older row of the same content, which nothing refers to any more
    await connections().db.insert(blobs).values({ sha256: staged.sha256, sizeBytes: content.length });
    await removeUnusedBlobs();
    await expect(staged.keep()).rejects.toMatchObject({ kind: "unavailable" });
    await put(run.id, "again.txt", content);
    expect(await blobStore().sizeOf(staged.sha256)).toBe(content.length);
  });

  test("uploads beside removals of the same content: whatever was accepted is there", async () => {
    const project = await newProject();
    const runs = await Promise.all(Array.from({ length: 6 }, () => newRun(project)));
    let isOver = false;
    const removing = (async () => {
      while (!isOver) {
        await removeUnusedBlobs();
        await sweepBlobs(undefined, -60_000);
      }
    })();
    const sending = runs.map(async ({ run }) => {
      const accepted: string[] = [];
      for (let turn = 0; turn < 8; turn++) {
        const name = `${turn}.txt`;
        const isStored = await put(run.id, name, `the same for all ${turn}`).then(
          () => true,
          (error: { kind?: string }) => {
            if (error.kind !== "unavailable") throw error;
            return false;
          },
        );
        if (isStored) accepted.push(name);
      }
      return accepted;
    });
    const accepted = await Promise.all(sending);
    isOver = true;
    await removing;
    expect(accepted.flat().length).toBeGreaterThan(0);
    for (const [at, names] of accepted.entries())
      for (const name of names) {
        const { content } = await readArtifact(systemActor, runs[at]!.run.id, name);
        expect(String(await buffer(content))).toBe(`the same for all ${name.slice(0, 1)}`);
      }
  });

  test("what a crash left is swept by age, and what a row names stays", async () => {
    const { run } = await newRun(await newProject());
    await put(run.id, "kept.txt", "kept");
    const orphan = await keep(blobStore(), Buffer.from("an orphan"));
    await sweepBlobs();
    expect(await blobStore().sizeOf(orphan)).toBe(9);
    await sweepBlobs(undefined, -60_000);
    expect([await blobStore().sizeOf(orphan), await blobStore().sizeOf(sha256("kept"))]).toEqual([null, 4]);
    const [row] = await connections()
      .db.select()
      .from(blobs)
      .where(eq(blobs.sha256, sha256("kept")));
    expect(row).toMatchObject({ sizeBytes: 4 });
  });

  test("a link is good for whoever has it, as an attachment of its type, and ends", async () => {
    const hash = await keep(blobStore(), Buffer.from("for whoever has the link"));
    const as = { disposition: 'attachment; filename="a.txt"', contentType: "text/plain" };
    const link = (await blobStore().link(hash, as))!;
    const answer = await fetch(link);
    expect([answer.status, await answer.text()]).toEqual([200, "for whoever has the link"]);
    expect(answer.headers.get("content-disposition")).toBe(as.disposition);
    expect(answer.headers.get("content-type")).toContain("text/plain");
    expect(Number(new URL(link).searchParams.get("X-Amz-Expires"))).toBeLessThanOrEqual(60);
    const changed = new URL(link);
    changed.searchParams.set("response-content-disposition", "inline");
    expect((await fetch(changed)).status).toBe(403);
  });
});
