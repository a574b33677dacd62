/** Health, this contract, and the events of a signed-in browser. */
import { z } from "zod";
import type { Route } from "./base/route.ts";

export const healthSchema = z
  .object({ status: z.literal("ok"), instance: z.string() })
  .meta({ id: "Health", examples: [{ status: "ok", instance: "0199f3a2-1c00-7000-8000-000000000000" }] });

export const serverRoutes = {
  health: {
    method: "GET",
    path: "/api/health",
    summary: "Whether the server answers, and which one it is",
    permission: null,
    response: healthSchema,
  },
  openapi: { method: "GET", path: "/api/v1/openapi.json", summary: "This document", permission: "contract.read" },
  events: {
    method: "GET",
    path: "/api/events",
    summary: "Server-sent events that say which runs changed; for signed-in browsers",
    permission: "events.read",
    responseBinary: { contentType: "text/event-stream", description: "event: run, data: {run, project}" },
  },
} as const satisfies Record<string, Route>;
