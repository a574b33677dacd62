/**
 * Files in a bucket, each under its hash: `prefix/ab/abcd…`. Nothing of a file is seen there before all of it is: parts go
 * to the key that the sender's hash names, and become the file once the bytes have that hash. Where the sender says no hash,
 * a file of more than one part waits on this machine's disk until it is known. (To stage it in the bucket and have it copied
 * there would move each byte twice, and a copy that takes long would stand between uploads and their rows.)
 */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { ProblemError } from "../problem.ts";
import { type BlobStore, type ByteRange, LINK_S } from "./blob-store.ts";
import { damage, type Hashed, hashing } from "./hashing.ts";
import { type BucketPlace, wordsOfPlace } from "./place.ts";
import { bucketProblem, type OpenBucket, openBucket, statusOf, usualPatience } from "./s3-client.ts";

/** A part: at most 10,000 make a file, and at least 5 MiB is one. */
const PART_BYTES = 8 * 1024 * 1024;
/** Parts of a file that are sent at once, so that an upload holds five of them in memory. */
const PARTS_AT_ONCE = 4;
/** So often a file that breaks off while it is read is asked for from there on, with nothing coming in between. */
const READS_MAX = 3;
/** An upload in parts may take so long: what began earlier was left by a crash. */
const UPLOAD_MS = 24 * 60 * 60_000;

/** `spoolFolder`: of this machine, for files whose hash isn't known before they are here. */
export function bucketStore(where: BucketPlace, spoolFolder: string, patience = usualPatience): BlobStore {
  let opened: Promise<OpenBucket> | null = null;
  const bucket: Bucket = {
    name: where.bucket,
    prefix: where.prefix,
    place: wordsOfPlace(where),
    keyOf: (sha256) => `${where.prefix}${sha256.slice(0, 2)}/${sha256}`,
    open: () => {
      opened ??= openBucket(patience);
      return opened;
    },
    quick: () => ({ abortSignal: AbortSignal.timeout(patience.quickMs) }),
  };
  const asked = async <Answer>(answer: Promise<Answer>): Promise<Answer> =>
    answer.catch((error: unknown) => {
      throw bucketProblem(error, bucket.place);
    });
  return {
    place: bucket.place,
    stage: (content, maxBytes, expected = null) => stage(bucket, spoolFolder, { content, maxBytes, expected }),
    read: (sha256, part) => asked(read(bucket, sha256, part)),
    sizeOf: (sha256) => asked(sizeAt(bucket, bucket.keyOf(sha256))),
    remove: (sha256) => asked(removeAt(bucket, bucket.keyOf(sha256))),
    sweepStaging: (before) => asked(abortUploads(bucket, new Date(before.getTime() - UPLOAD_MS))),
    list: (before) => listFiles(bucket, before),
    readId: () => asked(readText(bucket, `${where.prefix}id`)),
    writeId: (id) =>
      asked(
        id === null
          ? removeAt(bucket, `${where.prefix}id`)
          : putWhole(bucket, `${where.prefix}id`, Buffer.from(`${id}\n`)),
      ),
    tryOut: () => tryOut(bucket),
    // an answer of any kind but a refusal is one: the file may be missing
    reach: async () => void (await asked(sizeAt(bucket, `${where.prefix}id`))),
    link: (sha256, as) => asked(linkTo(bucket, bucket.keyOf(sha256), as)),
  };
}

type Bucket = {
  name: string;
  prefix: string;
  place: string;
  keyOf: (sha256: string) => string;
  open: () => Promise<OpenBucket>;
  /** For a request that is answered soon or not at all. */
  quick: () => { abortSignal: AbortSignal };
};

/** Bytes that have another hash than their sender said. */
class OtherContent extends Error {}

type Incoming = { content: Readable; maxBytes: number; expected: string | null };

async function stage(bucket: Bucket, spoolFolder: string, { content, maxBytes, expected }: Incoming) {
  const { meter, result } = hashing(maxBytes);
  let isThere = true;
  let sending: Promise<void> | null = null;
  await pipeline(content, meter, (pieces: AsyncIterable<Buffer>) => {
    sending = send(bucket, spoolFolder, { pieces, expected, result });
    return sending;
  }).catch(async (error: unknown) => {
    // where the sender breaks off, the parts that came are still being taken back
    await sending?.catch(() => {});
    if (!(error instanceof OtherContent)) throw error;
    isThere = false;
  });
  const { sha256, sizeBytes } = result();
  const keep = async () => {
    const found = isThere ? await sizeAt(bucket, bucket.keyOf(sha256)).catch((error) => refuse(error, bucket)) : null;
    // whoever removed the last one that had this content did it after this one had come
    if (found !== sizeBytes)
      throw new ProblemError("unavailable", `the file ${sha256} was removed while it came; send it again`);
  };
  // what nobody refers to is swept: others may be about to refer to it
  return { sha256, sizeBytes, keep, discard: async () => {} };
}

type Passing = { pieces: AsyncIterable<Buffer>; expected: string | null; result: () => Hashed };

/** Brings all pieces to the key of their hash. Throws `OtherContent` where that isn't the one that is expected. */
async function send(bucket: Bucket, spoolFolder: string, { pieces, expected, result }: Passing): Promise<void> {
  const iterator = pieces[Symbol.asyncIterator]();
  const head: Buffer[] = [];
  let bytes = 0;
  let isWhole = false;
  while (!isWhole && bytes <= PART_BYTES) {
    const next = await iterator.next();
    if (next.done) isWhole = true;
    else {
      head.push(next.value);
      bytes += next.value.length;
    }
  }
  const requireExpected = () => {
    if (expected !== null && result().sha256 !== expected) throw new OtherContent();
  };
  const all = async function* () {
    yield* head.splice(0);
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    requireExpected();
  };
  if (isWhole) {
    requireExpected();
    const key = bucket.keyOf(result().sha256);
    return void (await putWhole(bucket, key, Buffer.concat(head)).catch((error) => refuse(error, bucket)));
  }
  if (expected !== null && /^[0-9a-f]{64}$/.test(expected)) return putParts(bucket, bucket.keyOf(expected), all());
  await mkdir(spoolFolder, { recursive: true, mode: 0o700 });
  const spooled = path.join(spoolFolder, randomUUID());
  try {
    await pipeline(all, createWriteStream(spooled, { flags: "wx", mode: 0o600 }));
    await putParts(bucket, bucket.keyOf(result().sha256), createReadStream(spooled, { highWaterMark: 1024 * 1024 }));
  } finally {
    await rm(spooled, { force: true });
  }
}

const refuse = (error: unknown, { place }: Bucket): never => {
  throw bucketProblem(error, place);
};

async function putWhole({ name, open }: Bucket, Key: string, Body: Buffer): Promise<void> {
  const { client, sdk } = await open();
  await client.send(new sdk.PutObjectCommand({ Bucket: name, Key, Body }));
}

/** Sends parts as they come, each of them again where it fails; what is sent is a file at the end alone. */
async function putParts(bucket: Bucket, Key: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const { client } = await bucket.open();
  const { Upload } = await import("@aws-sdk/lib-storage");
  // what breaks on the sender's side is the sender's error, and no bucket's
  let broken: unknown = null;
  const watched = async function* () {
    try {
      yield* pieces;
    } catch (error) {
      broken = error;
      throw error;
    }
  };
  const upload = new Upload({
    client,
    params: { Bucket: bucket.name, Key, Body: Readable.from(watched(), { objectMode: false }) },
    partSize: PART_BYTES,
    queueSize: PARTS_AT_ONCE,
  });
  await upload.done().catch((error: unknown) => {
    throw broken ?? bucketProblem(error, bucket.place);
  });
}

async function read(bucket: Bucket, sha256: string, part?: ByteRange): Promise<Readable> {
  const ask = async (from: number): Promise<Readable> => {
    const { client, sdk } = await bucket.open();
    const Range = part || from > 0 ? `bytes=${from}-${part?.last ?? ""}` : undefined;
    const asked = new sdk.GetObjectCommand({ Bucket: bucket.name, Key: bucket.keyOf(sha256), Range });
    const { Body } = await client.send(asked).catch((error: unknown) => {
      if (isMissing(error)) throw new ProblemError("not-found", `the file ${sha256} is missing from the store`);
      return refuse(error, bucket);
    });
    return Body as Readable;
  };
  const first = part?.first ?? 0;
  const reading = { body: await ask(first) };
  const pieces = goingOn(reading, first, ask, bucket);
  const content = Readable.from(part ? pieces : verified(pieces, sha256), { objectMode: false });
  // a stream that nobody began to read doesn't end what it reads from by itself: each would keep a connection
  content.once("close", () => reading.body.destroy());
  return content;
}

/** What comes, which fails at its end if it hasn't this hash. */
async function* verified(pieces: AsyncIterable<Buffer>, sha256: string): AsyncGenerator<Buffer> {
  const hash = createHash("sha256");
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
  const fault = damage(sha256, hash.digest("hex"));
  if (fault) throw fault;
}

/** What comes; where it breaks off, or a slow reader let it time out, it is asked for from there on. */
async function* goingOn(
  reading: { body: Readable },
  first: number,
  ask: (from: number) => Promise<Readable>,
  bucket: Bucket,
): AsyncGenerator<Buffer> {
  let at = first;
  for (let failures = 0; ; ) {
    try {
      for await (const piece of reading.body as AsyncIterable<Buffer>) {
        at += piece.length;
        failures = 0;
        yield piece;
      }
      return;
    } catch (error) {
      failures++;
      if (failures > READS_MAX) refuse(error, bucket);
      reading.body = await ask(at);
    }
  }
}

const isMissing = (error: unknown): boolean => statusOf(error) === 404 && (error as Error).name !== "NoSuchBucket";

/** Null: there is nothing. */
async function sizeAt({ name, open, quick }: Bucket, Key: string): Promise<number | null> {
  const { client, sdk } = await open();
  try {
    return (await client.send(new sdk.HeadObjectCommand({ Bucket: name, Key }), quick())).ContentLength ?? 0;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function removeAt({ name, open }: Bucket, Key: string): Promise<void> {
  const { client, sdk } = await open();
  await client.send(new sdk.DeleteObjectCommand({ Bucket: name, Key })).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
}

async function readText({ name, open, quick }: Bucket, Key: string): Promise<string | null> {
  const { client, sdk } = await open();
  try {
    const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket: name, Key }), quick());
    return (await buffer(Body as Readable)).toString("utf8");
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function* listFiles(bucket: Bucket, before: Date): AsyncGenerator<string[]> {
  const { client, sdk } = await bucket.open();
  for (let ContinuationToken: string | undefined; ; ) {
    const asked = new sdk.ListObjectsV2Command({ Bucket: bucket.name, Prefix: bucket.prefix, ContinuationToken });
    const page = await client.send(asked).catch((error) => refuse(error, bucket));
    const old = (page.Contents ?? []).filter(({ LastModified }) => LastModified !== undefined && LastModified < before);
    const hashes = old.map(({ Key = "" }) => Key.slice(-64));
    yield hashes.filter((sha256, at) => /^[0-9a-f]{64}$/.test(sha256) && old[at]!.Key === bucket.keyOf(sha256));
    if (!page.IsTruncated || !page.NextContinuationToken) return;
    ContinuationToken = page.NextContinuationToken;
  }
}

/** Takes back the parts of uploads that began before `before`; a bucket that lists none has no such parts to pay for. */
async function abortUploads({ name, prefix, open }: Bucket, before: Date): Promise<void> {
  const { client, sdk } = await open();
  for (let from: { KeyMarker?: string; UploadIdMarker?: string } = {}; ; ) {
    const page = await client.send(new sdk.ListMultipartUploadsCommand({ Bucket: name, Prefix: prefix, ...from }));
    for (const { Key, UploadId, Initiated } of page.Uploads ?? [])
      if (Initiated && Initiated < before)
        await client.send(new sdk.AbortMultipartUploadCommand({ Bucket: name, Key, UploadId })).catch((error) => {
          if (!isMissing(error)) throw error;
        });
    if (!page.IsTruncated) return;
    from = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
  }
}

async function tryOut(bucket: Bucket): Promise<void> {
  const { client, sdk } = await bucket.open();
  const key = `${bucket.prefix}staging/${randomUUID()}`;
  const of = { Bucket: bucket.name, Key: key };
  const text = `a file that tells whether files can be kept here: ${key}`;
  const must = async (what: string, work: () => Promise<unknown>) =>
    work().catch((error: unknown) => {
      const { kind, detail } = bucketProblem(error, bucket.place);
      throw new ProblemError(kind, `A file can't be ${what}: ${detail}`, undefined, { cause: error });
    });
  await must("written", () => putWhole(bucket, key, Buffer.from(text)));
  await must("read", async () => {
    const found = await readText(bucket, key);
    if (found !== text) throw new ProblemError("unavailable", `${bucket.place} answers other bytes than were written`);
  });
  await must("listed", () =>
    client.send(new sdk.ListObjectsV2Command({ Bucket: bucket.name, Prefix: bucket.prefix, MaxKeys: 1 })),
  );
  await must("written in parts", async () => {
    const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand(of));
    await client.send(
      new sdk.ListMultipartUploadsCommand({ Bucket: bucket.name, Prefix: bucket.prefix, MaxUploads: 1 }),
    );
    await client.send(new sdk.AbortMultipartUploadCommand({ ...of, UploadId }));
  });
  await must("removed", () => removeAt(bucket, key));
}

async function linkTo({ name, open }: Bucket, Key: string, as: { disposition: string; contentType: string }) {
  const { client, sdk } = await open();
  const { getSignedUrl } = await import("@aws-sdk/s3-request-presigner");
  const asked = new sdk.GetObjectCommand({
    Bucket: name,
    Key,
    ResponseContentDisposition: as.disposition,
    ResponseContentType: as.contentType,
    ResponseCacheControl: "private, no-store",
  });
  return getSignedUrl(client, asked, { expiresIn: LINK_S });
}
