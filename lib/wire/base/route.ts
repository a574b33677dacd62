/** A route of the contract: what OpenAPI and the handlers are made from. */
import type { z } from "zod";

export type RouteParameter = {
  name: string;
  description: string;
  schema: z.ZodType;
  repeated?: boolean;
  /** Without it the answer is 400. */
  required?: boolean;
};

export type Route = {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  summary: string;
  /** A key of the permission table in lib/access; null: anyone may ask. */
  permission: string | null;
  query?: RouteParameter[];
  request?: z.ZodType;
  /** Another form in which the request body may come. */
  requestBinary?: { contentType: string; description: string };
  response?: z.ZodType;
  /** An answer that is no JSON; of several types the one that was asked for comes. */
  responseBinary?: { contentType: string | readonly string[]; description: string };
};
