/** The ledger of batches that are in chunks: eight bytes of each one's hash, in blocks, a row for 1,024 sequences. */
import { sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import type { HotBatch } from "./uncompacted-batches.ts";

const BLOCK = 1024;
const HASH_BYTES = 8;
const unknown = Buffer.alloc(HASH_BYTES);

const placeOf = (sequence: number) => ({ block: Math.floor((sequence - 1) / BLOCK), at: (sequence - 1) % BLOCK });

/** Whether the kept bytes are those of this hash. */
export const isHash = (kept: Uint8Array, hash: Uint8Array): boolean =>
  Buffer.compare(kept, hash.subarray(0, HASH_BYTES)) === 0;

/** Notes batches that go into chunks, in their transaction. */
export async function noteHashes(tx: Executor, runId: string, taken: HotBatch[]): Promise<void> {
  const blocks = new Map<string, HotBatch[]>();
  for (const batch of taken) {
    const key = `${batch.writer} ${placeOf(batch.sequence).block}`;
    blocks.set(key, [...(blocks.get(key) ?? []), batch]);
  }
  for (const some of blocks.values()) await noteBlock(tx, runId, some);
}

async function noteBlock(tx: Executor, runId: string, some: HotBatch[]): Promise<void> {
  const { writer, sequence } = some[0]!;
  const { block } = placeOf(sequence);
  const [known] = await tx.execute<{ hashes: Buffer }>(sql`
    select hashes from batch_hashes where run_id = ${runId} and writer = ${writer} and block = ${block}`);
  const before = known?.hashes ?? Buffer.alloc(0);
  // what lies between is of batches before this table was there
  const hashes = Buffer.alloc((placeOf(some.at(-1)!.sequence).at + 1) * HASH_BYTES);
  before.copy(hashes);
  for (const batch of some)
    Buffer.from(batch.hash).copy(hashes, placeOf(batch.sequence).at * HASH_BYTES, 0, HASH_BYTES);
  await tx.execute(sql`
    insert into batch_hashes (run_id, writer, block, hashes) values (${runId}, ${writer}, ${block}, ${hashes})
    on conflict (run_id, writer, block) do update set hashes = excluded.hashes`);
}

/** What was kept of a batch; null where nothing is known of it. */
export async function hashOf(runId: string, writer: number, sequence: number): Promise<Uint8Array | null> {
  const { block, at } = placeOf(sequence);
  const [row] = await connections().sql<{ hash: Buffer }[]>`
    select substring(hashes from ${at * HASH_BYTES + 1}::int for ${HASH_BYTES}::int) as hash from batch_hashes
    where run_id = ${runId} and writer = ${writer} and block = ${block}`;
  return !row || row.hash.length < HASH_BYTES || row.hash.equals(unknown) ? null : row.hash;
}
