/** OpenAPI 3.1, generated from the wire contract: what is served is what is checked. */
import { z } from "zod";
import { type Permission, permissions } from "./access/permissions.ts";
import { problemSchema } from "./wire/base/problem.ts";
import type { Route, RouteParameter } from "./wire/base/route.ts";
import { routes } from "./wire/routes.ts";

const componentUri = (id: string) => `#/components/schemas/${id}`;
const problemAnswer = {
  description: "A problem (RFC 9457)",
  content: { "application/problem+json": { schema: reference(problemSchema) } },
};

/** The document for every route of lib/wire. */
export function openApiDocument(): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [operationId, route] of Object.entries(routes) as [string, Route][]) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(operationId, route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Holdout",
      version: "1",
      description: "Experiment tracking that keeps the test set honest.",
      license: { name: "Apache License 2.0", identifier: "Apache-2.0" },
    },
    // wherever the document was read
    servers: [{ url: "/" }],
    paths,
    components: { schemas: componentSchemas(), securitySchemes: { token: { type: "http", scheme: "bearer" } } },
    security: [{ token: [] }],
  };
}

function componentSchemas(): Record<string, unknown> {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { uri: componentUri, io: "input", unrepresentable: "any" });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $id: _, $schema: __, id: ___, ...schema }]) => [id, schema]),
  );
}

function operation(operationId: string, route: Route): Record<string, unknown> {
  return {
    operationId,
    summary: route.summary,
    description: access(route),
    ...(route.permission === null ? { security: [] } : {}),
    parameters: [...pathParameters(route), ...(route.query ?? []).map(queryParameter)],
    ...requestBody(route),
    responses: { "200": answer(route), "4XX": problemAnswer, default: problemAnswer },
  };
}

function access({ permission }: Route): string {
  if (permission === null) return "Open to anybody.";
  const { role, scopes } = permissions[permission as Permission];
  const tokens = scopes.length > 0 ? `tokens of scope ${scopes.join(", ")}` : "no tokens";
  return `Permission ${permission}: members from ${role} on; ${tokens}.`;
}

const pathParameters = ({ path }: Route) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));

const queryParameter = ({ name, description, schema, repeated, required = false }: RouteParameter) => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: "output", unrepresentable: "any" });
  return { name, in: "query", description, required, schema: repeated ? { type: "array", items: json } : json };
};

function requestBody(route: Route): Record<string, unknown> {
  const content: Record<string, unknown> = {};
  if (route.request)
    content["application/json"] = { schema: reference(route.request), examples: examplesOf(route.request) };
  if (route.requestBinary) content[route.requestBinary.contentType] = binary(route.requestBinary.description);
  return Object.keys(content).length > 0 ? { requestBody: { required: true, content } } : {};
}

function answer(route: Route): Record<string, unknown> {
  const content: Record<string, unknown> = {};
  if (route.response)
    content["application/json"] = { schema: reference(route.response), examples: examplesOf(route.response) };
  for (const type of [route.responseBinary?.contentType ?? []].flat())
    content[type] = binary(route.responseBinary?.description ?? "");
  if (Object.keys(content).length === 0) content["application/json"] = { schema: { type: "object" } };
  return { description: "Done", content };
}

const binary = (description: string) => ({ schema: { type: "string", format: "binary", description } });

function reference(schema: z.ZodType): { $ref: string } {
  const id = schema.meta()?.id;
  if (!id) throw new Error("every request and response schema of lib/wire has an id: .meta({ id })");
  return { $ref: componentUri(id) };
}

/** The schema's own examples, named `example`, `example2` … */
export function examplesOf(schema: z.ZodType): Record<string, { value: unknown }> {
  const examples = (schema.meta()?.examples ?? []) as unknown[];
  return Object.fromEntries(
    examples.map((value, index) => [index === 0 ? "example" : `example${index + 1}`, { value }]),
  );
}
