/** What an error looks like on the wire (RFC 9457). */
import { z } from "zod";

/** RFC 9457. `errors` names each field: what came and what would be right. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    request: z
      .string()
      .optional()
      .meta({ description: "of a failure of the server (5xx): the id by which its log names the request" }),
    errors: z.array(z.object({ field: z.string(), detail: z.string() })).optional(),
  })
  .meta({
    id: "Problem",
    examples: [
      {
        type: "urn:holdout:problem:invalid",
        title: "The request is not valid",
        status: 400,
        detail: "groups.0.steps.1: expected an integer from 0 to 2^53-1, received -1",
        errors: [{ field: "groups.0.steps.1", detail: "expected an integer from 0 to 2^53-1, received -1" }],
      },
    ],
  });

export type Problem = z.infer<typeof problemSchema>;
