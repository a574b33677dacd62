/** How long a large file takes into a bucket, beside the folder and beside what nothing could be faster than. */
import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { Upload } from "@aws-sdk/lib-storage";
import { v4 as uuidv4 } from "uuid";
import { systemActor } from "../../lib/access/actor.ts";
import { putArtifact } from "../../lib/artifacts/artifacts.ts";
import { parseBucketPlace } from "../../lib/blobs/place.ts";
import { openBucket } from "../../lib/blobs/s3-client.ts";
import { hasS3, startS3 } from "../../lib/blobs/test-s3.ts";
import { deleteRun, purgeRun } from "../../lib/runs/deleted.ts";
import { createRun } from "../../lib/runs/runs.ts";
import { type Context, median, type Row, rowOf } from "../harness.ts";

const PIECE_BYTES = 1024 * 1024;

export async function run(context: Context): Promise<Row[]> {
  if (!hasS3("files into a bucket")) return [];
  const pieces = context.mode === "quick" ? 128 : 1024;
  const turns = context.mode === "quick" ? 1 : 3;
  const s3 = await startS3();
  try {
    const place = await s3.newBucket();
    const times = { folder: [], bucket: [], unsaid: [], network: [], hash: [] } as Record<string, number[]>;
    for (let turn = 0; turn < turns; turn++) {
      const content = contentOf(context.seed + turn, pieces);
      const sha256 = await hashOf(content);
      times.hash!.push(await seconds(() => hashOf(content)));
      times.network!.push(await seconds(() => sendAlone(place, content)));
      times.folder!.push(await putInto(context, null, content, sha256));
      times.bucket!.push(await putInto(context, place, content, sha256));
      times.unsaid!.push(await putInto(context, place, content, null));
    }
    return rowsOf(times, pieces);
  } finally {
    await s3.stop();
    await rm(path.join(context.app.dataDir, "blobs", "staging"), { recursive: true, force: true });
  }
}

function rowsOf(times: Record<string, number[]>, pieces: number): Row[] {
  const [network, hash, folder] = [median(times.network!), median(times.hash!), median(times.folder!)];
  const slower = Math.max(network, hash);
  const over = (whole: number[], by: number) => whole.map((time) => time / by);
  const size = `${pieces / 1024} GiB`;
  const [inSeconds, inBucket] = [(time: number) => `${time.toFixed(2)} s`, median(times.bucket!)];
  const against = `sent alone in parts ${inSeconds(network)}, hashed alone ${inSeconds(hash)}; both servers on this machine`;
  return [
    rowOf({
      id: "files-a",
      name: `an artifact of ${size} into a bucket ÷ the slower of network and hash`,
      unit: "×",
      bar: { atMost: 1.5 },
      against,
      samples: over(times.bucket!, slower),
    }),
    rowOf({
      id: "files-b",
      name: `the same ÷ into the folder`,
      unit: "×",
      bar: null,
      against: `bucket ${inSeconds(inBucket)}, folder ${inSeconds(folder)}`,
      samples: over(times.bucket!, folder),
    }),
    rowOf({
      id: "files-c",
      name: `the same from a client that says no hash ÷ the slower of network and hash`,
      unit: "×",
      bar: null,
      against: "the file waits on the server's disk until its hash is known",
      samples: over(times.unsaid!, slower),
    }),
  ];
}

/** The same bytes each time that it is read; no piece like another. */
function contentOf(seed: number, pieces: number): () => Readable {
  const block = Buffer.from(
    Uint8Array.from({ length: PIECE_BYTES }, (_, at) => Math.imul(at + seed, 2_654_435_761) >>> 24),
  );
  return () =>
    Readable.from(
      (function* () {
        for (let number = 0; number < pieces; number++) {
          const piece = Buffer.from(block);
          piece.writeUInt32LE(number);
          yield piece;
        }
      })(),
      { objectMode: false },
    );
}

async function hashOf(content: () => Readable): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of content()) hash.update(piece as Buffer);
  return hash.digest("hex");
}

async function sendAlone(place: string, content: () => Readable): Promise<void> {
  const { client } = await openBucket();
  const { bucket: Bucket } = parseBucketPlace(place)!;
  await new Upload({
    client,
    params: { Bucket, Key: uuidv4(), Body: content() },
    partSize: 8 * PIECE_BYTES,
    queueSize: 4,
  }).done();
  client.destroy();
}

/** Seconds from the first byte to the row, as the route has it stored; what was stored goes again. */
async function putInto(context: Context, place: string | null, content: () => Readable, sha256: string | null) {
  if (place) process.env.HOLDOUT_FILES = place;
  const { id } = await createRun(systemActor, { project: context.project.id });
  const upload = { path: "weights.bin", contentType: null, expectedSha256: sha256, content: content() };
  try {
    return await seconds(() => putArtifact(systemActor, id, upload));
  } finally {
    await deleteRun(systemActor, id);
    await purgeRun(systemActor, id);
    delete process.env.HOLDOUT_FILES;
  }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begunAt = performance.now();
  await work();
  return (performance.now() - begunAt) / 1000;
}
