/** Runs that log live, and when they logged each step. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createRun, type RunHandle } from "../../trainer/src/client/client.ts";
import { answer } from "../child.ts";
import type { LiveDone, LiveJob } from "../rows/live.ts";

answer<LiveJob>(async ({ watched, runs, seconds, everyMs, ...options }): Promise<LiveDone> => {
  const spoolDir = await mkdtemp(path.join(tmpdir(), "holdout-bench-spool-"));
  const made = await Promise.all(
    Array.from({ length: runs }, (_, index) =>
      createRun({
        ...options,
        ...(index === 0 ? { id: watched } : {}),
        spoolDir,
        config: {},
        code: false,
        name: `live ${index}`,
      }),
    ),
  );
  const loggedAt: number[] = [];
  const until = performance.now() + seconds * 1000;
  // each at its own pace, as trainings on machines of their own
  const live = async (run: RunHandle, index: number) => {
    await delay((index * everyMs) / runs);
    for (let step = 0; performance.now() < until; step++) {
      run.log({ split: "train", step, metrics: { loss: 1 / (step + 1), accuracy: 1 - 1 / (step + 1) } });
      if (index === 0) loggedAt.push(performance.timeOrigin + performance.now());
      await delay(everyMs);
    }
  };
  await Promise.all(made.map(live));
  await Promise.all(made.map((run) => run.finish({ timeoutMs: 30_000 })));
  await rm(spoolDir, { recursive: true, force: true });
  return { loggedAt };
});
