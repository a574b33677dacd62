/** Health, this contract, who asks, and the events of a signed-in browser. */
import { z } from "zod";
import { projectId } from "./base/examples.ts";
import type { Route } from "./base/route.ts";
import { roles, tokenScopes, uuid } from "./base/words.ts";

export const healthSchema = z
  .object({
    status: z.literal("ok"),
    instance: z.string(),
    files: z.string().optional().meta({
      description: "why files can't be read or written at the moment, while everything else goes on; absent: they can",
    }),
  })
  .meta({ id: "Health", examples: [{ status: "ok", instance: "0199f3a2-1c00-7000-8000-000000000000" }] });

export const callerSchema = z
  .object({
    kind: z.enum(["token", "member"]),
    name: z.string(),
    role: z.enum(roles).nullable().meta({ description: "a member's role in the workspace; null: a token" }),
    scope: z
      .enum([...tokenScopes, "workspace"])
      .nullable()
      .meta({ description: "what a token may; null: a member" }),
    project: z
      .object({ id: uuid, slug: z.string(), name: z.string() })
      .nullable()
      .meta({ description: "the one project that a token reaches; null: a member, or a token of the workspace" }),
    seesTests: z.boolean().meta({
      description: "whether it may learn test numbers at all, as far as a project's mode allows",
    }),
  })
  .meta({
    id: "Caller",
    examples: [
      {
        kind: "token",
        name: "an agent",
        role: null,
        scope: "ingest",
        project: { id: projectId, slug: "street-signs", name: "Street signs" },
        seesTests: false,
      },
    ],
  });
export type Caller = z.infer<typeof callerSchema>;

export const serverRoutes = {
  health: {
    method: "GET",
    path: "/api/health",
    summary: "Whether the server answers, and which one it is",
    permission: null,
    response: healthSchema,
  },
  scrape: {
    method: "GET",
    path: "/api/metrics",
    summary: "What this server and its database are at, in Prometheus' text format",
    permission: "installation.watch",
    responseBinary: {
      contentType: "text/plain",
      description: "version 0.0.4 of the format; no name of a project or run",
    },
  },
  openapi: { method: "GET", path: "/api/v1/openapi.json", summary: "This document", permission: "contract.read" },
  whoami: {
    method: "GET",
    path: "/api/v1/whoami",
    summary: "Whose token or session this is, and what it may",
    permission: "self.read",
    response: callerSchema,
  },
  events: {
    method: "GET",
    path: "/api/events",
    summary: "Server-sent events that say which runs changed; for signed-in browsers",
    permission: "events.read",
    responseBinary: { contentType: "text/event-stream", description: "event: run, data: {run, project}" },
  },
} as const satisfies Record<string, Route>;
