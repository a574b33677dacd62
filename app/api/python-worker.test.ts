/** The program of the queue's page that is a worker in Python, run as it stands there. */
import { spawn, spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { systemActor } from "@/lib/access/actor.ts";
import { newManifest } from "@/lib/manifests/test-manifest.ts";
import { listTrials } from "@/lib/queue/trials.ts";
import { pythonWorker } from "@/lib/snippets.ts";
import { createStudy, updateStudy } from "@/lib/studies/studies.ts";
import { newProject, newToken, prepareWorkspace } from "@/lib/test-workspace.ts";
import { serveApi } from "./test-serve.ts";

prepareWorkspace();

const hasPython = spawnSync("python3", ["--version"]).status === 0;
if (!hasPython) console.log("python3 isn't here: its worker isn't tried");

test.skipIf(!hasPython)(
  "the worker in Python tries a whole study, and a trial that diverges counts as such",
  async () => {
    const api = await serveApi();
    const project = await newProject();
    const { id } = await createStudy(systemActor, {
      project: project.id,
      title: "Rates",
      manifest: (await newManifest(project)).id,
      space: [{ kind: "float", path: "optimizer.learningRate", low: 0.01, high: 2000, scale: "log" }],
      objective: { metric: "loss", split: "validation", direction: "min" },
      trialsBudget: 4,
    });
    await updateStudy(systemActor, id, { status: "open" });
    const { secret } = await newToken(project, "ingest");
    const child = spawn("python3", ["-c", pythonWorker(api.url)], {
      env: { ...process.env, HOLDOUT_TOKEN: secret, HOLDOUT_STUDY: id },
      stdio: ["ignore", "inherit", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (some) => (said += some));
    const code = await new Promise((resolve) => child.once("close", resolve));
    await api.close();
    expect(code, said).toBe(0);
    const { trials } = await listTrials(systemActor, project.id, {});
    expect(trials.map(({ status, run }) => [status, run?.status])).toEqual(Array(4).fill(["finished", "finished"]));
    expect(trials.some(({ infeasible }) => infeasible === "diverged")).toBe(true);
    expect(trials.some(({ infeasible }) => infeasible === null)).toBe(true);
  },
);
