/** The route of a comparison: as a contract, as text, and its errors by name. */
import { expect, test } from "vitest";
import { systemActor } from "@/lib/access/actor.ts";
import { createRun } from "@/lib/runs/runs.ts";
import { newProject, newToken, prepareWorkspace, TEST_ORIGIN } from "@/lib/test-workspace.ts";
import { comparisonSchema } from "@/lib/wire/comparison.ts";
import { GET } from "./v1/projects/[project]/comparison/route.ts";

prepareWorkspace();

async function newPlace() {
  const project = await newProject("Signs");
  const ids: string[] = [];
  for (const [name, lr] of [
    ["=1+1", 0.1],
    ["b|c", 0.2],
  ] as const)
    ids.push((await createRun(systemActor, { project: project.id, name, config: { lr } })).id);
  const { secret } = await newToken(project, "read");
  const ask = (query: string[][] | string) =>
    GET(
      new Request(`${TEST_ORIGIN}/api/v1/projects/${project.slug}/comparison?${new URLSearchParams(query)}`, {
        headers: { authorization: `Bearer ${secret}` },
      }),
      { params: Promise.resolve({ project: project.slug }) },
    );
  return { ids, ask, runs: ids.map((id) => ["run", id]) };
}

test("a comparison is as its contract says, and as text it is a file", async () => {
  const { ids, ask, runs } = await newPlace();
  const found = await (await ask([...runs, ["run", "nix"], ["baseline", ids[1]!]])).json();
  expect(comparisonSchema.parse(found)).toMatchObject({ baseline: ids[1], summary: "last", leftOut: [{ run: "nix" }] });
  const csv = await ask([...runs, ["format", "csv"]]);
  expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect(csv.headers.get("content-disposition")).toContain("comparison.csv");
  expect(await csv.text()).toContain(`config,lr,,,'=1+1,${ids[0]},true,0.1`);
  const markdown = await (await ask([...runs, ["format", "markdown"], ["hide", ids[1]!]])).text();
  expect(markdown).toContain("# 1 run compared with =1+1");
  expect((await (await ask([["filter", "config.lr = 0.2"]])).json()).runs).toHaveLength(1);
});

test.each([
  ["summary=middle", "summary", /"middle".*atBest/],
  ["format=pdf", "format", /"pdf".*markdown/],
  ["archived=yes", "archived", /"yes" is neither 0 nor 1/],
  ["filter=lr <", "filter", /./],
  ["filter=nowhere = 1", "filter", /nowhere/],
  ["sort=nowhere", "sort", /nowhere/],
  ["run=nix", "run", /none of the runs/],
])("%s is refused by name", async (bad, field, detail) => {
  const { ask, runs } = await newPlace();
  const [name, value] = bad.split(/=(.*)/s) as [string, string];
  const isChoice = name === "run" || name === "filter";
  const response = await ask([...(isChoice ? [] : name === "sort" ? [["filter", ""]] : runs), [name, value]]);
  expect(response.status).toBe(400);
  const problem = await response.json();
  expect(problem.errors[0].field).toBe(field);
  expect(problem.detail).toMatch(detail);
});
