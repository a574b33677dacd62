/** Words and small parts that every subject of the contract shares: splits, statuses, limits, names, numbers. */
import { z } from "zod";
import { splits } from "./splits.ts";

export { type Split, splits } from "./splits.ts";

export const splitSchema = z.enum(splits);

export const runStatuses = ["queued", "running", "finished", "failed", "killed", "lost"] as const;

export type RunStatus = (typeof runStatuses)[number];

/** Why a failed run failed. `crashed`: an error or a signal ended it; `diverged`: the loss became NaN or infinite. */
export const failureReasons = ["crashed", "diverged", "out-of-memory", "data", "other"] as const;

export type FailureReason = (typeof failureReasons)[number];

export const roles = ["viewer", "member", "admin"] as const;

export type Role = (typeof roles)[number];

/** What a member may be in a project; `none`: the project isn't there for them. From the narrowest on. */
export const projectRoles = ["none", ...roles] as const;

export type ProjectRole = (typeof projectRoles)[number];

/**
 * `ingest`: create runs and log to them, evaluate them on validation. `read`: read everything of the project but test
 * numbers. `evaluate`: as `ingest`, and open the test split; only an admin gives it. `submit`: hand candidates in to loops, and
 * learn whether each was kept, nothing else. `admin`: also edit and delete.
 */
export const tokenScopes = ["ingest", "read", "evaluate", "submit", "admin"] as const;

export type TokenScope = (typeof tokenScopes)[number];

export const directions = ["min", "max", "none"] as const;

export type Direction = (typeof directions)[number];

/** The largest step: 2⁵³−1, beyond which float64 no longer holds every integer. */
export const STEP_MAX = Number.MAX_SAFE_INTEGER;

/** Most points in one batch; a larger one is refused by name, so that one request never holds the server. */
export const BATCH_POINTS_MAX = 100_000;

/** Most series in one batch. */
export const BATCH_NAMES_MAX = 20_000;

/** Most bytes of a decompressed request body that isn't a file. */
export const BODY_BYTES_MAX = 32 * 1024 * 1024;

/** Most bytes of one artifact. */
export const ARTIFACT_BYTES_MAX = 4 * 1024 * 1024 * 1024;

/** Most samples in one manifest registered in one request. */
export const MANIFEST_SAMPLES_MAX = 200_000;

/** A file of samples that is uploaded. */
export const UPLOAD_BYTES_MAX = 4 * 1024 * 1024 * 1024;

/** A run without a sign of life for this long is shown as lost. */
export const HEARTBEAT_LOST_MS = 60_000;

export const uuid = z.uuid();

export const time = z.iso.datetime().refine((text) => !text.startsWith("0000"), "a year from 0001 on");

export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "64 lower-case hexadecimal digits (SHA-256)");

/** A float64 in JSON, which has no NaN and no infinities: these three travel as strings. */
export const floatSchema = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]);

export type WireFloat = z.infer<typeof floatSchema>;

export const toWireFloat = (value: number): WireFloat =>
  Number.isFinite(value) ? value : (String(value) as "NaN" | "Infinity" | "-Infinity");

export const fromWireFloat = (value: WireFloat): number => (typeof value === "number" ? value : Number(value));

export const stepSchema = z.int("steps are integers from 0 to 2^53-1").min(0).max(STEP_MAX);

/** 2100-01-01: no clock is there yet. */
const TIME_MAX = 4_102_444_800_000;

/** What the years 2000 to 2100 are in seconds; as milliseconds these are three months of 1970, in which nothing was trained. */
const SECONDS_MIN = 946_684_800;

const SECONDS_MAX = TIME_MAX / 1000;

/** Whether a point's time can be milliseconds since 1970: a clock that starts at 1970 is taken, seconds aren't. */
export const isPlausibleTime = (time: number): boolean =>
  time >= 0 && time <= TIME_MAX && !(time >= SECONDS_MIN && time <= SECONDS_MAX);

export function whyNoTime(time: number): string {
  const isSeconds = time >= SECONDS_MIN && time <= SECONDS_MAX;
  const why = isSeconds ? "these are seconds" : "no time from 1970 to 2100";
  return `expected milliseconds since 1970; ${why}, received ${time}`;
}
