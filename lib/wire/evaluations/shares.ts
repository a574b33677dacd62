/** Links by which anybody who holds one reads a report. */
import { z } from "zod";
import { runId } from "../base/examples.ts";
import type { Route } from "../base/route.ts";
import { time, uuid } from "../base/words.ts";

export const SHARE_DAYS_MAX = 90;

export const shareCreateSchema = z
  .object({ days: z.int().min(1).max(SHARE_DAYS_MAX).default(14).meta({ description: "so long the link opens" }) })
  .meta({ id: "ShareCreate", examples: [{ days: 14 }] });

const example = {
  id: runId,
  createdBy: "Ada",
  createdAt: "2026-01-05T09:00:00.000Z",
  expiresAt: "2026-01-19T09:00:00.000Z",
  revokedAt: null,
  openings: 2,
  openedAt: "2026-01-06T09:00:00.000Z",
};

export const shareSchema = z
  .object({
    id: uuid,
    createdBy: z.string(),
    createdAt: time,
    expiresAt: time,
    revokedAt: time.nullable(),
    openings: z.int(),
    openedAt: time.nullable().meta({ description: "the last time; null: nobody opened it" }),
  })
  .meta({
    id: "Share",
    examples: [example],
  });
export type Share = z.infer<typeof shareSchema>;

const shareListSchema = z.object({ shares: z.array(shareSchema) }).meta({
  id: "ShareList",
  examples: [{ shares: [] }],
});

const shareMadeSchema = shareSchema
  .extend({ url: z.url().meta({ description: "in this answer and nowhere else" }) })
  .meta({
    id: "ShareMade",
    examples: [Object.assign({ url: "https://holdout.example.org/shared/wJ0…" }, example)],
  });

const path = "/api/v1/runs/{run}/evaluations/{evaluation}/shares";

export const sharesRoutes = {
  listShares: {
    method: "GET",
    path,
    summary: "The links by which a report is shared, the newest first",
    permission: "reports.share",
    response: shareListSchema,
  },
  createShare: {
    method: "POST",
    path,
    summary:
      "Share a report by a link that expires. Refused where the project's test split is in mode ladder or one-bit",
    permission: "reports.share",
    request: shareCreateSchema,
    response: shareMadeSchema,
  },
  revokeShare: {
    method: "DELETE",
    path: `${path}/{share}`,
    summary: "Let a link open nothing from now on. May be repeated",
    permission: "reports.share",
    response: shareSchema,
  },
} as const satisfies Record<string, Route>;
