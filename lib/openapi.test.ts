import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { permissions } from "./access/permissions.ts";
import { exportFormats } from "./manifests/samples.ts";
import { openApiDocument } from "./openapi.ts";
import type { Route } from "./wire/base/route.ts";
import { POINTS_CONTENT_TYPE } from "./wire/points/points-codec.ts";
import { routes } from "./wire/routes.ts";

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

/** Every node of the document, with where it stands. */
function* nodes(node: unknown, at = "#"): Generator<[string, Record<string, unknown>]> {
  if (typeof node !== "object" || node === null) return;
  if (!Array.isArray(node)) yield [at, node as Record<string, unknown>];
  for (const [key, below] of Object.entries(node)) yield* nodes(below, `${at}/${key}`);
}

/** What a JSON pointer of the document leads to; undefined: nothing. */
const targetOf = (pointer: string): unknown =>
  pointer
    .split("/")
    .slice(1)
    .reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], document);

test("the document is OpenAPI 3.1 and every reference in it, of whatever form, leads to a schema", () => {
  expect(document.openapi).toBe("3.1.0");
  const references = [...nodes(document)].filter(([, node]) => typeof node.$ref === "string");
  expect(references.length).toBeGreaterThan(20);
  for (const [at, { $ref }] of references) expect([at, targetOf(String($ref))]).toEqual([at, expect.any(Object)]);
});

test("a schema is JSON Schema 2020-12: items is one schema, prefixItems are many, and no component is named oddly", () => {
  const schemas = [...nodes(document.components.schemas, "#/components/schemas")];
  for (const [at, node] of schemas) if ("items" in node) expect([at, Array.isArray(node.items)]).toEqual([at, false]);
  expect(schemas.some(([, node]) => Array.isArray(node.prefixItems))).toBe(true);
  for (const name of Object.keys(document.components.schemas)) expect(name).toMatch(/^[a-zA-Z0-9.-]+$/);
});

test("queries without which an answer is 400 are required", () => {
  const required = Object.entries(routes as Record<string, Route>).flatMap(([name, { query = [] }]) =>
    query.filter((one) => one.required).map((one) => `${name}.${one.name}`),
  );
  expect(required.sort()).toEqual([
    "diffManifests.with",
    "exportManifest.format",
    "exportPredictions.format",
    "getEvaluable.manifest",
    "getOverlay.key",
    "getPoints.series",
    "getProjectPoints.run",
    "getProjectPoints.series",
    "getThumbnail.key",
    "listThreads.subject",
    "previewTable.format",
    "uploadDatasetSamples.format",
  ]);
  const parameters = [...nodes(document)].filter(([, node]) => node.in === "query" && node.required === true);
  expect(parameters.length).toBe(required.length);
});

test.each(operations)("$name has an example for each JSON body", ({ operation }) => {
  for (const content of [operation.requestBody?.content, operation.responses[200].content])
    for (const [type, body] of Object.entries(content ?? {}))
      if (type === "application/json" && "$ref" in body.schema)
        expect(Object.keys(body.examples ?? {}).length).toBeGreaterThan(0);
});

test("an answer that is no JSON has each of its types in the document, beside JSON where it comes as that too", () => {
  const typesOf = (where: string) => Object.keys(document.paths[where]!.get!.responses[200].content);
  expect(typesOf("/api/v1/manifests/{manifest}/export")).toEqual(
    Object.values(exportFormats).map((type) => type.split(";")[0]),
  );
  expect(typesOf("/api/v1/runs/{run}/metrics")).toEqual(["application/json", POINTS_CONTENT_TYPE]);
});

test("the contract and the route files are the same set", () => {
  const api = path.resolve(import.meta.dirname, "../app/api");
  const served = readdirSync(api, { recursive: true, encoding: "utf8" })
    // MLflow's protocol is another's contract
    .filter((file) => path.basename(file) === "route.ts" && !/^[23]\.0\//.test(file))
    .map((file) => `/api/${path.dirname(file)}`.replace(/\[(?:\.\.\.)?(\w+)\]/g, "{$1}"))
    // one answers for all others, one speaks MCP
    .filter((route) => !["/api/{unknown}", "/api/mcp"].includes(route));
  const promised = new Set(Object.values(routes as Record<string, Route>).map((route) => route.path));
  expect(new Set(served)).toEqual(promised);
});

test("every route's permission is in the table", () => {
  for (const { permission } of Object.values(routes as Record<string, Route>))
    if (permission !== null) expect(Object.keys(permissions)).toContain(permission);
});
