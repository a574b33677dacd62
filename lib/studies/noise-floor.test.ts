import { expect, test } from "vitest";
import { newManifest } from "../manifests/test-manifest.ts";
import { appendBatch } from "../metrics/append.ts";
import { endRun } from "../metrics/end-run.ts";
import { batchOf, newMember, newProject, newRun, prepareWorkspace } from "../test-workspace.ts";
import { floorOf, readNoiseFloor } from "./noise-floor.ts";

prepareWorkspace();

const objective = { metric: "accuracy", split: "validation", direction: "max" } as const;

test("a floor is pooled over recipes, with its degrees of freedom, and is unknown below two", () => {
  // the sum of squares is .0002 + .0002, of two degrees of freedom
  const floor = floorOf(objective, [{ values: [0.9, 0.92] }, { values: [0.8, 0.82] }, { values: [0.7] }]);
  expect(floor).toMatchObject({ recipes: 2, results: 4, dof: 2, status: "weak" });
  expect(floor.sd).toBeCloseTo(Math.sqrt(0.0002), 12);
  // 4.302653 is Student's .975 quantile of two degrees of freedom
  expect(floor.tellsFrom).toBeCloseTo(4.302653 * Math.sqrt(0.0002) * Math.SQRT2, 6);
  expect(floorOf(objective, [{ values: [0.9, 0.92] }])).toMatchObject({
    sd: null,
    dof: 1,
    status: "none",
    tellsFrom: null,
  });
  expect(floorOf(objective, [])).toMatchObject({ sd: null, recipes: 0, results: 0, dof: 0 });
});

test("a project's floor grows with its replicates, and takes those of one manifest alone", async () => {
  const project = await newProject();
  const { actor } = await newMember("member");
  const { id: manifest } = await newManifest(project);
  const made = async (seed: number, value: number, cites: string | null) => {
    const { run, writer } = await newRun(project, { seed, manifest: cites, config: { lr: 0.1 } });
    await appendBatch(actor, run.id, batchOf(writer, 1, "validation", [0, 1], { accuracy: [0.1, value] }));
    await endRun(actor, run.id, { status: "finished" });
  };
  const read = () => readNoiseFloor(actor, project.id, objective, manifest);
  await made(1, 0.9, manifest);
  expect(await read()).toMatchObject({ sd: null, status: "none", results: 0 });
  await made(2, 0.92, manifest);
  await made(3, 0.94, manifest);
  // the same seed again, and runs of no manifest, say nothing
  await made(3, 0.5, manifest);
  await made(4, 0.1, null);
  await made(5, 0.2, null);
  const floor = await read();
  expect(floor).toMatchObject({ recipes: 1, results: 3, dof: 2 });
  expect(floor.sd).toBeCloseTo(0.02, 12);
});
