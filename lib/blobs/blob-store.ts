/** What a store of files can do: one interface, behind which stands a folder or a bucket. */
import type { Readable } from "node:stream";

/** A file that has arrived whole, and is kept or discarded next. */
export type StagedFile = {
  sha256: string;
  sizeBytes: number;
  /**
   * Has the file in its place, durably, from now on: called under the lock of `shareBlobLock`, so that no removal comes
   * between it and the row. May be repeated; a file already there stays.
   */
  keep(): Promise<void>;
  discard(): Promise<void>;
};

export interface BlobStore {
  /** Where the files are, for people: a folder's path, or `s3://bucket/prefix`. */
  readonly place: string;
  /**
   * Takes in a stream of at most `maxBytes`, hashing it. `expectedSha256` is what the sender says its hash is: of other
   * content nothing is kept, and the caller compares. Throws `too-large` beyond.
   */
  stage(content: Readable, maxBytes: number, expectedSha256?: string | null): Promise<StagedFile>;
  /**
   * The content, or the bytes from `first` to `last` of it. The stream of the whole fails at the end if the bytes no
   * longer have this hash; whoever reads a part checks what it belongs to. Throws `not-found`.
   */
  read(sha256: string, part?: ByteRange): Promise<Readable>;
  /** Bytes; null: the file isn't there. */
  sizeOf(sha256: string): Promise<number | null>;
  /** May be repeated. */
  remove(sha256: string): Promise<void>;
  /** Removes what was staged before `before` and never kept: a crash left it. */
  sweepStaging(before: Date): Promise<void>;
  /** Hashes of files that were put in place before `before`, some hundreds at a time. */
  list(before: Date): AsyncGenerator<string[]>;
  /** The text by which a database knows its files; null: nobody wrote one. */
  readId(): Promise<string | null>;
  /** Null: these are no database's files from now on. */
  writeId(id: string | null): Promise<void>;
  /** Tries everything above with a little file, so that a right that is missing is known before it is needed. */
  tryOut(): Promise<void>;
  /** Throws `unavailable` where the store doesn't answer within seconds. */
  reach(): Promise<void>;
  /** An address under which anybody reads the file as an attachment, for `LINK_S` seconds; null: the store gives none. */
  link(sha256: string, as: { disposition: string; contentType: string }): Promise<string | null>;
}

/** Both ends count from 0 and belong to the part. */
export type ByteRange = { first: number; last: number };

/** How long an address of `link` is good. */
export const LINK_S = 60;
