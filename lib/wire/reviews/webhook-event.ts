/** What a project's webhooks are sent: kinds, ids and names, never a number of an evaluation, nor what people wrote. */
import type { AlertRule } from "./inbox.ts";

type Place = { at: string; project: { id: string; slug: string }; url: string };
type ChampionNow = { claim: string; number: number; run: string; checkpoint: string };

export type WebhookEvent =
  | (Place & {
      event: "champion.changed";
      manifest: string;
      champion: ChampionNow | null;
      before: Omit<ChampionNow, "checkpoint"> | null;
    })
  | (Place & {
      event: "review.asked" | "review.approved" | "review.changes-requested";
      review: { id: string; number: number; kind: "study" | "runs" | "claim" };
    })
  | (Place & {
      event: "run.rule";
      rule: Pick<AlertRule, "id" | "event" | "metric">;
      run: { id: string; name: string };
    });
