/** Batches that come at the same time share a statement and a commit, so that many small ones cost little more than one. */
import { connections } from "../../db/connection.ts";
import { hashOf, isHash } from "./compacted-hashes.ts";

export type NewBatch = {
  runId: string;
  /** The writer's own id. */
  writer: string;
  sequence: number;
  points: number;
  /** SHA-256 of `data`. */
  hash: Buffer;
  data: Uint8Array;
};
export type BatchOutcome = {
  /** `conflict`: the sequence is stored with other points. `unknown`: no such writer, or the run has been deleted. */
  kind: "stored" | "duplicate" | "conflict" | "unknown";
  /** The run was marked as lost. */
  isLost: boolean;
};

type QueuedBatch = { batch: NewBatch; resolve: (outcome: BatchOutcome) => void; reject: (error: unknown) => void };

/** Statements at a time: while these are under way the next ones fill. */
const STATEMENTS = 2;
const BATCHES_A_STATEMENT = 64;
const BYTES_A_STATEMENT = 4 * 1024 * 1024;

let waiting: QueuedBatch[] = [];
let underWay = 0;

/** Stores a batch unless it is stored; resolves after the commit. */
export function insertBatch(batch: NewBatch): Promise<BatchOutcome> {
  return new Promise((resolve, reject) => {
    waiting.push({ batch, resolve, reject });
    // requests that were read in the same turn of the event loop go together
    if (underWay < STATEMENTS) setImmediate(insertWaiting);
  });
}

function insertWaiting(): void {
  if (underWay >= STATEMENTS || waiting.length === 0) return;
  const some = take();
  underWay++;
  insertTogether(some)
    .then((outcomes) => {
      for (const [at, { resolve }] of some.entries()) resolve(outcomes[at]!);
    })
    .catch((error: unknown) => {
      for (const { reject } of some) reject(error);
    })
    .finally(() => {
      underWay--;
      insertWaiting();
    });
}

/** The first that wait, each sequence once: its copies wait on. */
function take(): QueuedBatch[] {
  const taken = new Map<string, QueuedBatch>();
  const left: QueuedBatch[] = [];
  let bytes = 0;
  for (const one of waiting) {
    const { runId, writer, sequence, data } = one.batch;
    const key = `${runId} ${writer} ${sequence}`;
    const fits = taken.size < BATCHES_A_STATEMENT && (bytes === 0 || bytes + data.length <= BYTES_A_STATEMENT);
    if (!fits || taken.has(key)) left.push(one);
    else {
      taken.set(key, one);
      bytes += data.length;
    }
  }
  waiting = left;
  return [...taken.values()];
}

type Row = { at: number; number: number; stored: boolean; done: boolean; lost: boolean };

async function insertTogether(some: QueuedBatch[]): Promise<BatchOutcome[]> {
  const { sql } = connections();
  const values = some.map(({ batch: { runId, writer, sequence, points, hash, data } }, at) => {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    return [at, runId, writer, sequence, points, hash, bytes] as unknown[] as string[]; // its types know of no bytea
  });
  const rows = await sql<Row[]>`
    with input as (
      select at::int, run_id::uuid, writer::uuid, sequence::int8, points::int, hash, data
      from (values ${sql(values)}) v (at, run_id, writer, sequence, points, hash, data)
    ), known as materialized (
      select i.*, w.number, i.sequence <= w.done_sequence as done, r.status = 'lost' as lost
      from input i join writers w on w.run_id = i.run_id and w.id = i.writer
        join runs r on r.id = i.run_id and r.deleted_at is null
    ), stored as (
      insert into batches (run_id, writer, sequence, points, hash, data)
      select run_id, number, sequence, points, hash, data from known where not done
      on conflict do nothing returning run_id, writer, sequence
    )
    select k.at, k.number, s.run_id is not null as stored, k.done, k.lost
    from known k left join stored s on s.run_id = k.run_id and s.writer = k.number and s.sequence = k.sequence`;
  const rowOf = new Map(rows.map((row) => [row.at, row]));
  return Promise.all(some.map(({ batch }, at) => outcomeOf(batch, rowOf.get(at))));
}

async function outcomeOf(batch: NewBatch, row: Row | undefined): Promise<BatchOutcome> {
  if (!row) return { kind: "unknown", isLost: false };
  const isLost = row.lost;
  if (row.stored) return { kind: "stored", isLost };
  if (row.done) {
    const there = await hashOf(batch.runId, row.number, batch.sequence);
    return { kind: there && !isHash(there, batch.hash) ? "conflict" : "duplicate", isLost };
  }
  const [there] = await connections().sql<{ hash: Buffer }[]>`
    select hash from batches
    where run_id = ${batch.runId} and writer = ${row.number} and sequence = ${batch.sequence}`;
  return there && !there.hash.equals(batch.hash) ? { kind: "conflict", isLost } : { kind: "duplicate", isLost };
}
