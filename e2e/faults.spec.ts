/**
 * A training survives what can happen to it: server, PostgreSQL and trainer die, connections are cut, answers come late or
 * are lost after the work was done. What the server holds then is what an undisturbed training of the same seed logged.
 */
import { once } from "node:events";
import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { type App, startApp } from "../bin/servers/app.ts";
import type { Checkpoint } from "../lib/wire/checkpoints.ts";
import type { SeriesPoints } from "../lib/wire/points/points.ts";
import type { RunList } from "../lib/wire/runs.ts";
import { seededRandom } from "../trainer/src/data/random.ts";
import { admin, ask, isSlow, newWorkplace, seriesOf, spendLink, startTrainer } from "./workspace.ts";

const FAULTS = isSlow ? 200 : 6;
const FAULTS_A_TRAINING = 10;
const EPOCHS = isSlow ? 60 : 18;
const STEPS = 14 * EPOCHS; // 417 of 500 samples are trained on, 32 a step
const random = seededRandom("faults", 7);

let app: App;
let line: Line;
let token = "";
test.beforeAll(async () => {
  app = await startApp();
  line = await openLine();
});
test.afterAll(async () => {
  line.close();
  await app.stop();
});

/** Between trainer and server: may cut what goes over it, hold answers back, or swallow them. */
type Line = {
  url: string;
  mood: "open" | "late" | "deaf";
  /** Answers that were held back or swallowed so far. */
  withheld: number;
  cut: () => void;
  close: () => void;
};

async function openLine(): Promise<Line> {
  const ends = new Set<Socket>();
  const server = createServer((trainer) => {
    const there = createConnection(Number(new URL(app.url).port), "127.0.0.1");
    for (const end of [trainer, there]) {
      ends.add(end);
      end.on("error", () => {});
      end.on("close", () => {
        ends.delete(end);
        for (const other of [trainer, there]) other.destroy();
      });
    }
    // the server answers to its own name alone
    const named = (asked: Buffer) =>
      asked
        .toString("latin1")
        .replace(new RegExp(`(?<=\\nhost: )${new URL(made.url).host}`, "i"), new URL(app.url).host);
    trainer.on("data", (asked) => there.write(Buffer.from(named(asked), "latin1")));
    there.on("data", (answer) => {
      if (made.mood === "open") return void trainer.write(answer);
      made.withheld++;
      if (made.mood === "late") setTimeout(() => trainer.writable && trainer.write(answer), 1_500);
      else trainer.destroy(); // the server has done it, and the trainer never hears
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = () => {
    for (const end of ends) end.destroy();
  };
  const close = () => {
    cut();
    server.close();
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const made: Line = { url, mood: "open", withheld: 0, cut, close };
  return made;
}

const harassed = (spool: string, ...args: string[]) =>
  startTrainer({ url: line.url, token, spool: path.join(app.dataDir, spool) }, ...args);

const training = ["--family", "cnn", "--filters", "4,8", "--batchSize", "32", "--epochs", String(EPOCHS)];
const flags = ["train", ...training, "--dropout", "0.2", "--subset", "500", "--testSubset", "50"];

const epochsDone = (said: string): number =>
  Math.max(0, ...[...said.matchAll(/epoch (\d+)\//g)].map(([, epoch]) => Number(epoch)));
const isUp = () =>
  fetch(`${app.url}/api/health`).then(
    ({ ok }) => ok,
    () => false,
  );

const faults = ["server", "database", "trainer", "cut", "late", "deaf"] as const;

/** Trains to the end, with faults on the way; returns how many there were. */
async function trainHarassed(spool: string, wanted: number, from: number): Promise<number> {
  let trainer = harassed(spool, ...flags);
  let run = "";
  let done = 0;
  for (; done < wanted; done++) {
    const due = Math.floor(((done + 1 - random() / 2) / (wanted + 1)) * EPOCHS);
    const { child, said } = trainer;
    await expect
      .poll(() => epochsDone(said()) >= due || child.exitCode !== null, { intervals: [5], timeout: 60_000 })
      .toBe(true);
    run ||= /run ([0-9a-f-]{36})/.exec(said())?.[1] ?? "";
    if (child.exitCode !== null) break;
    const fault = faults[(from + done) % faults.length]!; // each as often as any other, at random moments
    if (fault === "trainer") {
      child.kill("SIGKILL");
      await trainer.ended;
      trainer = harassed(spool, "resume", run);
    } else if (fault === "server") {
      await app.kill();
      await app.start();
    } else if (fault === "database") {
      process.kill(app.databaseId(), "SIGQUIT");
      await expect.poll(isUp, { intervals: [20], timeout: 60_000 }).toBe(true);
    } else if (fault === "cut") line.cut();
    else {
      line.mood = fault;
      const before = line.withheld;
      await expect
        .poll(() => line.withheld > before || child.exitCode !== null, { intervals: [20], timeout: 60_000 })
        .toBe(true);
      line.mood = "open";
    }
  }
  expect(await trainer.ended, trainer.said()).toBe(0);
  return done;
}

/** Every point of a run's series that the training follows from, and its weights. */
async function recordOf(run: string) {
  const curves: Record<string, [number, unknown][]> = {};
  for (const key of [
    "train/loss",
    "train/accuracy",
    "validation/loss",
    "validation/accuracy",
    "-/learning_rate",
    "-/gradient_norm",
  ]) {
    const answer = await ask<SeriesPoints>(
      token,
      `runs/${run}/metrics?px=4000&series=${encodeURIComponent(key)}`,
      app.url,
    );
    const [points] = answer.series;
    expect(points!.kind, key).toBe("raw");
    curves[key] = points!.steps.map((step, at): [number, unknown] => [step, points!.values[at]]);
  }
  const { checkpoints } = await ask<{ checkpoints: Checkpoint[] }>(token, `runs/${run}/checkpoints`, app.url);
  return { curves, weights: checkpoints.map(({ step, sha256 }) => [step, sha256]) };
}

test(`${FAULTS} faults later, a training's series are those of one that nothing happened to`, async ({ browser }) => {
  test.setTimeout(isSlow ? 90 * 60_000 : 5 * 60_000);
  const page = await (await browser.newContext({ baseURL: app.url })).newPage();
  await spendLink(page, app.link ?? "", admin);
  ({ token } = await newWorkplace(page, "Faults", app.url));
  const spool = path.join(app.dataDir, "calm");
  const calm = startTrainer({ url: app.url, token, spool }, ...flags, "--name", "calm");
  expect(await calm.ended, calm.said()).toBe(0);
  const [calmRun] = (await ask<RunList>(token, "runs", app.url)).runs;
  const expected = await recordOf(calmRun!.id);
  expect(expected.curves["train/loss"]).toHaveLength(STEPS);
  expect(expected.weights).toHaveLength(EPOCHS);

  let done = 0;
  for (let round = 0; done < FAULTS; round++)
    done += await trainHarassed(`harassed-${round}`, Math.min(FAULTS_A_TRAINING, FAULTS - done), done);

  const { runs } = await ask<RunList>(token, "runs?limit=200", app.url);
  for (const run of runs.filter(({ name }) => name !== "calm")) {
    expect(run).toMatchObject({ status: "finished", pointsLost: 0 });
    expect(await recordOf(run.id)).toEqual(expected);
    const series = await seriesOf(token, run.id, app.url);
    expect(series.find(({ metric, split }) => metric === "loss" && split === "train")).toMatchObject({ count: STEPS });
  }
});
