/** Where files are, as `HOLDOUT_FILES` says it. Pure. */

/** A bucket, and what stands before each key in it: `team/` or nothing. */
export type BucketPlace = { bucket: string; prefix: string };

/** What `HOLDOUT_FILES` may be, for people. */
export const FILES_PLACES = "s3://BUCKET or s3://BUCKET/PREFIX is right, such as s3://holdout-files/team";

/** `s3://bucket/prefix`; null: the text is nothing of that kind. */
export function parseBucketPlace(text: string): BucketPlace | null {
  const [, bucket = "", path = ""] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(text) ?? [];
  const parts = path.replace(/\/$/, "").split("/");
  if (bucket === "" || bucket.includes("..") || path.length > 512) return null;
  if (path === "") return { bucket, prefix: "" };
  // a part of dots alone is taken away by clients and proxies, as in a path
  if (!parts.every((part) => /^[\w!*'().-]+$/.test(part) && !/^\.+$/.test(part))) return null;
  return { bucket, prefix: `${parts.join("/")}/` };
}

/** As it is written. */
export const wordsOfPlace = ({ bucket, prefix }: BucketPlace): string => `s3://${bucket}/${prefix}`.replace(/\/$/, "");
