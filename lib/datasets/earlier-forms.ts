/**
 * Samples that an earlier version of Holdout registered, and what is the same of them now. A sample is another's by content
 * where its content hash is the other's, or where one has no earlier hashes, so that it may be of an earlier version, and its
 * content hash is among those of the other. Earlier hashes are coarser: what has them all the same may be two contents.
 */
import type { ISql, PendingQuery, Row, TransactionSql } from "postgres";

export type Fragment = PendingQuery<Row[]>;

/** The earlier hashes of a row, one a row, for `cross join lateral`. */
export const earlierHashes = (tx: ISql, row: string): Fragment => tx`
  (select substring(${tx(`${row}.earlier_hashes`)} from 1 + 32 * at for 32) as hash
    from generate_series(0, octet_length(${tx(`${row}.earlier_hashes`)}) / 32 - 1) as at)`;

/** Whether `d`, which is stored, and `given` are two contents. */
export const differsInContent = (tx: TransactionSql): Fragment => tx`
  d.content_hash <> given.content_hash and not (d.earlier_hashes is null
      and exists (select from ${earlierHashes(tx, "given")} e where e.hash = d.content_hash))
    and not (given.earlier_hashes is null
      and exists (select from ${earlierHashes(tx, "d")} e where e.hash = given.content_hash))`;

/**
 * A label or group as it is read today, where an earlier version kept how it was written: 0.0 is 0, True is true, and words
 * for 'missing' are nothing.
 */
export const asWritten = (tx: TransactionSql, value: Fragment): Fragment => tx`
  (case when ${value} ~ '^-?[0-9]+([.][0-9]+)?$' then trim_scale(${value}::numeric)::text
    when lower(${value}) in ('true', 'false') then lower(${value})
    when ${value} in ('NA', 'N/A', 'n/a', 'NaN', 'nan', 'NULL', 'null', 'None', '<NA>') then null
    else btrim(${value}) end)`;

/** Whether samples of these manifests are known by earlier hashes: of most there are none, and nothing more is asked. */
export async function areKnownBefore(tx: TransactionSql, numbers: number[]): Promise<boolean> {
  const [row] = await tx<{ known: boolean }[]>`
    select exists (select from manifest_samples
      where manifest_number in ${tx(numbers)} and earlier_hashes is not null) as known`;
  return row!.known;
}

/**
 * The hash that a sample `m` of one manifest goes by beside another: its own, or where the other has it under one of its
 * earlier hashes, that.
 */
export const hashBeside = (tx: TransactionSql, other: number): Fragment => tx`
  coalesce(case when m.earlier_hashes is not null then (
    select e.hash from ${earlierHashes(tx, "m")} e
    where e.hash in (
      select content_hash from manifest_samples where manifest_number = ${other} and earlier_hashes is null) limit 1) end, m.content_hash)`;
