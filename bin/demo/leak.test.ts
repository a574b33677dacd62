import { expect, test } from "vitest";
import { systemActor } from "../../lib/access/actor.ts";
import { getReport } from "../../lib/checks/report.ts";
import { jobPrograms } from "../../lib/job-programs.ts";
import { runNextJob } from "../../lib/jobs/jobs.ts";
import { listManifests } from "../../lib/manifests/manifests.ts";
import { listProjects } from "../../lib/projects/projects.ts";
import { prepareWorkspace } from "../../lib/test-workspace.ts";
import { prepareLeakDemo } from "./leak.ts";

prepareWorkspace();

test("of the demo's patients one manifest is blocked for patients in two splits, and the other passes", async () => {
  await prepareLeakDemo();
  // another start finds it there
  await prepareLeakDemo();
  while (await runNextJob(jobPrograms));
  const [project, ...others] = (await listProjects(systemActor)).filter(({ name }) => name === "Patients demo");
  expect(others).toEqual([]);
  const verdicts = (await listManifests(systemActor, project!.id)).map(({ name, verdict }) => [name, verdict]);
  const [, blocked] = await listManifests(systemActor, project!.id);
  const { checks } = await getReport(systemActor, project!.id, blocked!.id);
  expect(verdicts).toEqual([
    ["each patient in one split", "pass"],
    ["readings dealt one by one", "block"],
  ]);
  expect(checks.filter(({ verdict }) => verdict === "block").map(({ name }) => name)).toEqual(["groups"]);
});
