import { expect, test } from "vitest";
import { systemActor } from "../access/actor.ts";
import { appendBatch } from "../metrics/append.ts";
import { refreshSummaries } from "../metrics/compact.ts";
import { updateProject } from "../settings/project-settings.ts";
import { batchOf, newProject, newRun, prepareWorkspace } from "../test-workspace.ts";
import { groupRuns } from "./groups.ts";
import { countRuns, readRunsPage } from "./rows.ts";

prepareWorkspace();

const accuracy = "validation/accuracy.max";

async function projectWith(
  given: { config: Record<string, string | number>; seed?: number; value: number; commit?: string }[],
) {
  const project = await newProject();
  for (const { config, seed = null, value, commit } of given) {
    const code = commit ? { commit } : null;
    const { run, writer } = await newRun(project, { config, seed, code } as never);
    await appendBatch(systemActor, run.id, batchOf(writer, 1, "validation", [0], { accuracy: [value] }));
    await refreshSummaries(run.id);
  }
  return project;
}

test("groups have the mean, deviation and interval of all their runs, and one run has neither", async () => {
  const project = await projectWith([
    { config: { family: "cnn", lr: 1 }, value: 0.9 },
    { config: { family: "cnn", lr: 2 }, value: 0.94 },
    { config: { family: "cnn", lr: 3 }, value: 0.95 },
    { config: { family: "rnn" }, value: 0.8 },
    { config: {}, value: Number.NaN },
  ]);
  const { groups, isCut } = await groupRuns(systemActor, project.id, { by: ["config.family"], summaries: [accuracy] });
  expect(isCut).toBe(false);
  expect(groups.map(({ key, count }) => [key["config.family"], count])).toEqual([
    ["cnn", 3],
    ["rnn", 1],
    [null, 1],
  ]);
  // mean 0.93, sd 0.0264575, t(0.975, 2) = 4.3026527
  expect(groups[0]!.summaries[accuracy]).toMatchObject({ n: 3, nonFinite: 0 });
  expect(groups[0]!.summaries[accuracy]!.mean).toBeCloseTo(0.93, 12);
  expect(groups[0]!.summaries[accuracy]!.sd).toBeCloseTo(0.026457513110645928, 12);
  expect(groups[0]!.summaries[accuracy]!.low).toBeCloseTo(
    0.93 - (4.302652729911275 * 0.026457513110645928) / Math.sqrt(3),
    9,
  );
  expect(groups[1]!.summaries[accuracy]).toEqual({ n: 1, mean: 0.8, sd: null, low: null, high: null, nonFinite: 0 });
});

test("texts that differ in their last character alone make groups of their own, each of which its filter finds", async () => {
  const prompt = "You are a patient teacher. ".repeat(16);
  const project = await projectWith([
    { config: { prompt: `${prompt}A` }, value: 0.1 },
    { config: { prompt: `${prompt}B` }, value: 0.9 },
    { config: { prompt: prompt.slice(0, 300) }, value: 0.5 },
  ]);
  const { groups } = await groupRuns(systemActor, project.id, { by: ["config.prompt"], summaries: [accuracy] });
  expect(groups.map(({ count, summaries }) => [count, summaries[accuracy]!.mean]).sort()).toEqual([
    [1, 0.1],
    [1, 0.5],
    [1, 0.9],
  ]);
  const long = groups.map(({ key }) => key["config.prompt"]).filter((value) => typeof value === "object");
  expect(long).toHaveLength(2);
  for (const value of long) {
    const { text, characters, sha256 } = value!;
    expect(characters).toBe(prompt.length + 1);
    for (const filter of [
      `config.prompt is sha256 ${sha256}`,
      `config.prompt = "${text}"`,
      `config.prompt ~ "${text}$"`,
    ]) {
      const { rows } = await readRunsPage(systemActor, project.id, { columns: ["config.prompt"], filter });
      expect(rows.map((row) => row.values["config.prompt"])).toEqual([value]);
    }
  }
  const count = async (filter: string) => (await countRuns(systemActor, project.id, { filter })).count;
  expect(await count(`config.prompt != "${prompt}A"`)).toBe(2);
  expect(await count(`config.prompt in ("${prompt}A", "${prompt}B", x)`)).toBe(2);
  expect(await count(`config.prompt = "${prompt.slice(0, 300)}"`)).toBe(1);
  expect(await count(`config.prompt > "${prompt}A"`)).toBe(1);
  expect(await count(`config.prompt >= "${prompt}A"`)).toBe(2);
  expect(await count(`config.prompt < "${prompt}B"`)).toBe(2);
});

test("runs of one recipe and one seed count once, with their mean, and it is said how many repeat one", async () => {
  const last = "validation/accuracy.last";
  const project = await projectWith([
    { config: { lr: 1 }, seed: 1, value: 0.892857 },
    { config: { lr: 1 }, seed: 1, value: 0.892857 },
    { config: { lr: 2 }, seed: 1, value: 0.5 },
    { config: { lr: 2 }, seed: 2, value: 0.7 },
    { config: { lr: 2 }, seed: 2, value: 0.9 },
    { config: { lr: 3, seed: 7 }, value: 0.3 },
    { config: { lr: 3, seed: 7 }, value: Number.NaN },
    { config: { lr: 4 }, value: 0.2 },
    { config: { lr: 4 }, value: 0.4 },
  ]);
  const read = async (by: string) => {
    const { groups } = await groupRuns(systemActor, project.id, { by: [by], summaries: [last] });
    return groups.map(({ count, repeated, summaries }) => {
      const { n, mean, sd, low, nonFinite } = summaries[last]!;
      return { count, repeated, n, mean: Number(mean.toFixed(9)), deviates: sd !== null, has: low !== null, nonFinite };
    });
  };
  const once = { deviates: false, has: false };
  const expected = [
    { count: 2, repeated: 1, n: 1, mean: 0.892857, nonFinite: 0, ...once },
    // seed 1: 0.5; seed 2: 0.8
    { count: 3, repeated: 1, n: 2, mean: 0.65, nonFinite: 0, deviates: true, has: true },
    { count: 2, repeated: 1, n: 1, mean: 0.3, nonFinite: 1, ...once },
    // without a seed nothing says that they share one
    { count: 2, repeated: 0, n: 2, mean: 0.3, nonFinite: 0, deviates: true, has: true },
  ];
  expect(await read("replicates")).toEqual(expect.arrayContaining(expected));
  expect(await read("config.lr")).toEqual(expect.arrayContaining(expected));
  // other recipes may share a seed
  expect(await read("manifest")).toMatchObject([{ count: 9, repeated: 3, n: 6, nonFinite: 1 }]);
});

test("replicates are runs that differ in their seed alone; other code is said", async () => {
  const project = await projectWith([
    { config: { lr: 1, seed: 1 }, seed: 1, value: 0.9, commit: "a" },
    { config: { lr: 1, seed: 2 }, seed: 2, value: 0.8, commit: "a" },
    { config: { lr: 2, seed: 1 }, seed: 1, value: 0.7, commit: "a" },
    { config: { lr: 2, seed: 2 }, seed: 2, value: 0.6, commit: "b" },
    { config: { lr: 3, note: "x" }, value: 0.5 },
    { config: { lr: 3, note: "y" }, value: 0.4 },
  ]);
  const replicates = async () =>
    (await groupRuns(systemActor, project.id, { by: ["replicates"], summaries: [] })).groups.map((group) => [
      group.count,
      group.codeDiffers,
      group.members.map(({ seed }) => seed),
    ]);
  expect((await replicates()).sort()).toEqual(
    [
      [2, false, [2, 1]],
      [2, true, [2, 1]],
      [1, false, [null]],
      [1, false, [null]],
    ].sort(),
  );
  await updateProject(systemActor, project.id, { replicateIgnores: ["note"] });
  expect((await replicates()).map(([count]) => count)).toEqual([2, 2, 2]);
});

test.each([
  [{ by: ["validation/accuracy.max"], summaries: [] }, "by"],
  [{ by: ["name"], summaries: [] }, "by"],
  [{ by: ["status"], summaries: ["config.lr"] }, "summaries"],
  [{ by: ["status"], summaries: [], filter: "config.x =" }, "filter"],
])("%j is refused by name", async (query, field) => {
  const project = await newProject();
  await expect(groupRuns(systemActor, project.id, query)).rejects.toMatchObject({ status: 400, errors: [{ field }] });
});

test("groups are ordered by two of what they have, those without a value last, and by their size where nothing is asked", async () => {
  const project = await projectWith([
    { config: { family: "cnn", depth: 1 }, value: 0.5 },
    { config: { family: "cnn", depth: 2 }, value: 0.5 },
    { config: { family: "rnn" }, value: 0.5 },
    { config: { family: "mlp" }, value: 0.9 },
    { config: { family: "none" }, value: Number.NaN },
  ]);
  const families = async (...order: string[]) => {
    const query = { by: ["config.family"], summaries: [accuracy], order };
    return (await groupRuns(systemActor, project.id, query)).groups.map(({ key }) => key["config.family"]);
  };
  expect(await families("", "")).toEqual(["cnn", "mlp", "none", "rnn"]);
  expect(await families(`-${accuracy}`, "-config.family")).toEqual(["mlp", "rnn", "cnn", "none"]);
  expect(await families(accuracy, "count")).toEqual(["rnn", "cnn", "mlp", "none"]);
  expect(await families("count", "-config.family")).toEqual(["rnn", "none", "mlp", "cnn"]);
  expect(await families("config.depth", "-config.family")).toEqual(["rnn", "none", "mlp", "cnn"]);
});
