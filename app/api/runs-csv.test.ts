import { parse as parseCsv } from "csv-parse/sync";
import { expect, test } from "vitest";
import { systemActor } from "@/lib/access/actor.ts";
import { appendBatch } from "@/lib/metrics/append.ts";
import { refreshSummaries } from "@/lib/metrics/compact.ts";
import { tagRuns } from "@/lib/runs/bulk.ts";
import { createRun } from "@/lib/runs/runs.ts";
import { batchOf, newProject, newRun, newToken, prepareWorkspace, TEST_ORIGIN } from "@/lib/test-workspace.ts";
import { GET } from "./v1/projects/[project]/runs.csv/route.ts";

prepareWorkspace();

/** The answer to `GET runs.csv?query`, asked with a token that reads. */
async function asked(query: string, prepare: (project: Awaited<ReturnType<typeof newProject>>) => Promise<void>) {
  const project = await newProject("Signs");
  await prepare(project);
  const { secret } = await newToken(project, "read");
  const request = new Request(`${TEST_ORIGIN}/api/v1/projects/${project.slug}/runs.csv?${query}`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  return GET(request, { params: Promise.resolve({ project: project.slug }) });
}

test("CSV has every run that matches, in order, with the columns asked for, and no formula in it", async () => {
  const response = await asked(
    new URLSearchParams([
      ...["name", "config.lr", "config.note", "validation/loss.last", "tags"].map((name) => ["column", name]),
      ["sort", "-config.lr"],
      ["filter", "config.lr > 0"],
    ]).toString(),
    async (project) => {
      const { run, writer } = await newRun(project, { name: "=1+1", config: { lr: 0.5, note: '-x,"y"' } });
      await newRun(project, { name: "plain", config: { lr: 2 } });
      await newRun(project, { name: "none", config: { lr: -1 } });
      await appendBatch(
        systemActor,
        run.id,
        batchOf(writer, 1, "validation", [0], { loss: [Number.NEGATIVE_INFINITY] }),
      );
      await refreshSummaries(run.id);
      for (const tag of ["b", "a"]) await tagRuns(systemActor, project.id, { ids: [run.id] }, tag);
    },
  );
  expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect(response.headers.get("content-disposition")).toMatch(/^attachment; filename="signs[-\w]*-runs.csv"$/);
  const text = await bytesAsText(response);
  expect(text[0]).toBe("\ufeff");
  const lines = text
    .slice(1)
    .replace(/[0-9a-f]{8}-[-0-9a-f]{27}/g, "ID")
    .split("\r\n");
  expect(lines).toEqual([
    "id,name,config.lr,config.note,validation/loss.last,tags",
    "ID,plain,2,,,",
    `ID,'=1+1,0.5,"'-x,""y""",-Infinity,"a, b"`,
    "",
  ]);
});

/** A reader by `text()` would take the byte order mark away. */
const bytesAsText = async (response: Response): Promise<string> =>
  new TextDecoder("utf-8", { ignoreBOM: true }).decode(await response.arrayBuffer());

test.each(["道路標識", "дорога", "Σήματα", "إشارات"])(
  "the CSV of the project %s has its name, in letters that a header can carry beside it",
  async (name) => {
    const project = await newProject(name);
    const { secret } = await newToken(project, "read");
    const request = new Request(`${TEST_ORIGIN}/api/v1/projects/x/runs.csv?column=name`, {
      headers: { authorization: `Bearer ${secret}` },
    });
    const response = await GET(request, { params: Promise.resolve({ project: project.slug }) });
    expect(response.status).toBe(200);
    const header = response.headers.get("content-disposition")!;
    expect(header).toMatch(/^attachment; filename="[ -~]+"; filename\*=UTF-8''[\w.%-]+$/);
    expect(decodeURIComponent(header.split("UTF-8''")[1]!)).toBe(`${project.slug}-runs.csv`);
  },
);

test("texts of any length are whole, and lists as they are stored", async () => {
  // longer than what a page is sent of a text
  const prompt = "word ".repeat(1000);
  const query = "column=config.prompt&column=config.files&sort=config.prompt";
  const response = await asked(query, async (project) => {
    const files = Array.from({ length: 100 }, (_, index) => `part-${index}.tfrecord`);
    await newRun(project, { config: { prompt: `${prompt}A`, files } });
    await newRun(project, { config: { prompt: `${prompt}B`, files: files.slice(1) } });
  });
  const [, ...lines] = parseCsv(await response.text(), { bom: true }) as string[][];
  expect(lines.map((line) => line[1]).sort()).toEqual([`${prompt}A`, `${prompt}B`]);
  expect(lines.map((line) => (JSON.parse(line[2]!) as string[]).length).sort()).toEqual([100, 99]);
});

test("more runs than a page of the database are all there, once each", async () => {
  const response = await asked("column=seed&sort=seed", async (project) => {
    const seeds = Array.from({ length: 501 }, (_, seed) => seed);
    await Promise.all(seeds.map((seed) => createRun(systemActor, { project: project.id, seed })));
  });
  const seeds = (await response.text()).split("\r\n").map((line) => line.split(",")[1]);
  expect(seeds).toEqual(["seed", ...Array.from({ length: 501 }, (_, index) => String(index)), undefined]);
});

test("a filter or column that can't be is answered as a problem that names it", async () => {
  const bad = await asked("filter=config.lr+%3D", async () => {});
  expect(bad.status).toBe(400);
  expect(await bad.json()).toMatchObject({ errors: [{ field: "filter" }] });
  const unknown = await asked("column=nothing", async () => {});
  expect(await unknown.json()).toMatchObject({ status: 400, errors: [{ field: "column" }] });
});
