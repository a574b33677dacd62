/** Runs that a ruling asks for, queued: whichever worker fits trains them. */
import { z } from "zod";
import { projectId, runId } from "../base/examples.ts";
import type { Route } from "../base/route.ts";
import { runStatuses, uuid } from "../base/words.ts";

export const askedRunsSchema = z
  .object({
    study: uuid,
    ruling: z.int(),
    queued: z.int().meta({ description: "queued by this call; 0: all that it asks for wait already" }),
    runs: z
      .array(
        z.object({
          run: uuid,
          name: z.string(),
          of: z.enum(["candidate", "incumbent"]),
          seed: z.int(),
          status: z.enum(runStatuses),
          isOther: z.boolean().meta({ description: "its worker has other code, so that it is of another recipe" }),
        }),
      )
      .meta({ description: "queued for it, and not handed in yet" }),
  })
  .meta({
    id: "AskedRuns",
    examples: [
      {
        study: projectId,
        ruling: 3,
        queued: 1,
        runs: [
          {
            run: runId,
            name: "loop 3, candidate, seed 7",
            of: "candidate" as const,
            seed: 7,
            status: "queued" as const,
            isOther: false,
          },
        ],
      },
    ],
  });
export type AskedRuns = z.infer<typeof askedRunsSchema>;

export const loopRunsRoutes = {
  queueAskedRuns: {
    method: "POST",
    path: "/api/v1/studies/{study}/rulings/{ruling}/runs",
    summary: "Queue the runs that a ruling asks for, by its number: once, however often it is called",
    permission: "trials.queue",
    response: askedRunsSchema,
  },
} as const satisfies Record<string, Route>;
