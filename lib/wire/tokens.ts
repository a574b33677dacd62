/** Tokens of a project's machines, which people make. */
import { z } from "zod";
import type { Route } from "./base/route.ts";
import { tokenScopes, uuid } from "./base/words.ts";

export const tokenCreateSchema = z
  .object({
    name: z.string().trim().min(1, "a name, such as the machine's").max(100),
    scope: z.enum(tokenScopes),
  })
  .meta({ id: "TokenCreate", examples: [{ name: "gpu node 4", scope: "ingest" }] });

export const tokenCreatedSchema = z
  .object({ id: uuid, secret: z.string().meta({ description: "shown this once; the server keeps its hash" }) })
  .meta({
    id: "TokenCreated",
    examples: [{ id: "0199f3a2-1c00-7000-8000-000000000009", secret: "hold_…" }],
  });

export const tokensRoutes = {
  createToken: {
    method: "POST",
    path: "/api/v1/projects/{project}/tokens",
    summary: "Make a token for a machine of the project; for members, never for tokens",
    permission: "tokens.manage",
    request: tokenCreateSchema,
    response: tokenCreatedSchema,
  },
} as const satisfies Record<string, Route>;
