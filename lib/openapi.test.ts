import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { permissions } from "./access/permissions.ts";
import { openApiDocument } from "./openapi.ts";
import { type Route, routes } from "./wire.ts";

type Operation = {
  requestBody?: { content: Record<string, { schema: object; examples?: Record<string, { value: unknown }> }> };
  responses: { 200: { content: Record<string, { schema: object; examples?: Record<string, { value: unknown }> }> } };
};
const document = openApiDocument() as {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
};
const operations = Object.entries(document.paths).flatMap(([where, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${where}`, operation })),
);

test("the document is OpenAPI 3.1 and every reference in it resolves", () => {
  expect(document.openapi).toBe("3.1.0");
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
  expect(references.length).toBeGreaterThan(20);
  for (const [, id] of references) expect(Object.keys(document.components.schemas)).toContain(id);
});

test.each(operations)("$name has an example for each JSON body", ({ operation }) => {
  for (const content of [operation.requestBody?.content, operation.responses[200].content])
    for (const [type, body] of Object.entries(content ?? {}))
      if (type === "application/json" && "$ref" in body.schema)
        expect(Object.keys(body.examples ?? {}).length).toBeGreaterThan(0);
});

test("the contract and the route files are the same set", () => {
  const api = path.resolve(import.meta.dirname, "../app/api");
  const served = readdirSync(api, { recursive: true, encoding: "utf8" })
    .filter((file) => path.basename(file) === "route.ts")
    .map((file) => `/api/${path.dirname(file)}`.replace(/\[(?:\.\.\.)?(\w+)\]/g, "{$1}"))
    .filter((route) => route !== "/api/{unknown}");
  const promised = new Set(Object.values(routes as Record<string, Route>).map((route) => route.path));
  expect(new Set(served)).toEqual(promised);
});

test("every route's permission is in the table", () => {
  for (const { permission } of Object.values(routes as Record<string, Route>))
    if (permission !== null) expect(Object.keys(permissions)).toContain(permission);
});
