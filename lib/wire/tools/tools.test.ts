import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { type Permission, permissions } from "../../access/permissions.ts";
import type { Route } from "../base/route.ts";
import { tokenScopes } from "../base/words.ts";
import { type RouteName, routes } from "../routes.ts";
import { type ApiCall, requestOf, type Tool } from "./tool.ts";
import { tools } from "./tools.ts";

const all = Object.entries(tools) as [string, Tool][];

test.each(all)("%s names the scopes whose tokens may make all of its calls", (_, { calls, scopes, reads }) => {
  const needed = calls.map((route) => (routes[route] as Route).permission as Permission);
  const may = tokenScopes.filter((scope) =>
    needed.every((permission) => (permissions[permission].scopes as readonly string[]).includes(scope)),
  );
  expect([...scopes].sort()).toEqual([...may].sort());
  if (reads) expect(calls.map((route) => routes[route].method)).toEqual(calls.map(() => "GET"));
});

test.each(all)("%s says of each field what it is, as JSON Schema", (_, { input, positional }) => {
  const schema = z.toJSONSchema(input, { io: "input", unrepresentable: "any" });
  expect(schema.type).toBe("object");
  for (const field of positional) expect(Object.keys(input.shape)).toContain(field);
});

test("no tool opens a test split, confirms a look, or decides for people", () => {
  const calls = new Set<RouteName>(all.flatMap(([, tool]) => [...tool.calls]));
  for (const route of ["confirmLook", "decideReview", "concludeStudy", "createShare", "updateProject"] as const)
    expect([...calls]).not.toContain(route);
  const opening = { run: crypto.randomUUID(), task: "regression", form: "value", split: "test", purpose: "final" };
  const sent: ApiCall[] = [];
  const { input, run } = tools.evaluations_open;
  run(async (call) => sent.push(call), input.parse(opening));
  expect(sent).toMatchObject([{ body: { split: "validation" } }]);
  expect(sent[0]!.body).not.toHaveProperty("purpose");
});

test("whatever stands in a name, a call stays at its route", () => {
  const name = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom("..", ".", "a/b", "?x", "#x", "%2e%2e", "\\.."));
  fc.assert(
    fc.property(name, (project) => {
      fc.pre(project.isWellFormed());
      if (/^\.{1,2}$/.test(project)) {
        expect(() => requestOf({ route: "getMetrics", params: { project } })).toThrow("project: expected an id");
        return;
      }
      const { path } = requestOf({ route: "getMetrics", params: { project } });
      const { pathname, search, hash } = new URL(path, "http://127.0.0.1");
      expect([search, hash]).toEqual(["", ""]);
      expect(pathname).toMatch(/^\/api\/v1\/projects\/[^/]+\/metrics$/);
    }),
  );
});

test("points that are logged again find themselves stored, and a test number isn't logged at all", async () => {
  const writers: string[] = [];
  let isStored = 0;
  const api = async ({ route, body }: ApiCall): Promise<unknown> => {
    if (route !== "createWriter") return { stored: true, sent: body };
    const { writer } = body as { writer: string };
    writers.push(writer);
    return { writer, number: 1, attempt: 1, sequenceStored: isStored };
  };
  const { input, run } = tools.runs_log;
  const given = { run: crypto.randomUUID(), split: "validation", points: [{ step: 3, values: { accuracy: 0.5 } }] };
  expect(await run(api, input.parse(given))).toMatchObject({
    stored: true,
    sent: { sequence: 1, groups: [{ split: "validation", steps: [3], metrics: { accuracy: [0.5] } }] },
  });
  isStored = 1;
  expect(await run(api, input.parse(given))).toMatchObject({ stored: false, duplicate: true });
  expect(new Set(writers).size).toBe(1);
  expect(input.safeParse({ ...given, split: "test" }).error?.message).toContain("measured by an evaluation alone");
});
