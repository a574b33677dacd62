/**
 * What each family of models reaches on MNIST, or on a set made here, as the server has it. Trained as a user would train:
 * by the trainer's command line. Minutes of work, so only among the slow tests.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { RunList } from "../lib/wire/runs.ts";
import { ask, expect, isSlow, newWorkplace, seriesOf, startTrainer, test, url } from "./workspace.ts";

const spool = mkdtempSync(path.join(tmpdir(), "holdout-e2e-scores-"));
test.afterAll(() => rmSync(spool, { recursive: true, force: true }));
test.skip(!isSlow, "trains for minutes: npm run test:slow");

type Score = { flags: string; metric: string; atLeast: number; minutes: number };
const cosine = "--schedule.name cosine";
/** The README's table of scores is this one. */
const scores: Record<string, Score> = {
  "fully connected on MNIST": {
    flags: "--family mlp --units 128 --epochs 5 --subset 12000",
    metric: "accuracy",
    atLeast: 0.93,
    minutes: 3,
  },
  "convolutional on MNIST": {
    flags: `--family cnn --batchNorm true --epochs 4 --subset 12000 --optimizer.learningRate 0.003 ${cosine}`,
    metric: "accuracy",
    atLeast: 0.955,
    minutes: 5,
  },
  "LSTM on MNIST": {
    flags: "--family rnn --epochs 5 --subset 6000 --optimizer.learningRate 0.003",
    metric: "accuracy",
    atLeast: 0.92,
    minutes: 5,
  },
  "GRU on MNIST": {
    flags: "--family rnn --cell gru --epochs 5 --subset 6000 --optimizer.learningRate 0.003",
    metric: "accuracy",
    atLeast: 0.92,
    minutes: 5,
  },
  "GRU on waves": {
    flags: "--data waves --family rnn --cell gru --units 32 --epochs 12 --optimizer.learningRate 0.005",
    metric: "accuracy",
    atLeast: 0.8,
    minutes: 5,
  },
  "U-Net on scenes of MNIST": {
    flags: `--data mnist-scenes --family unet --filters 8,16,32 --batchSize 8 --epochs 6 --subset 1500 --optimizer.learningRate 0.005 ${cosine}`,
    metric: "mean_iou",
    atLeast: 0.3,
    minutes: 8,
  },
  "fully connected on the curve": {
    flags: `--data curve --family mlp --units 64,64 --epochs 150 --optimizer.learningRate 0.01 ${cosine}`,
    metric: "r2",
    atLeast: 0.95,
    minutes: 3,
  },
};

for (const [name, { flags, metric, atLeast, minutes }] of Object.entries(scores))
  test(`${name}: validation ${metric} of at least ${atLeast} within ${minutes} minutes`, async ({ page }) => {
    test.setTimeout(minutes * 60_000);
    const { token } = await newWorkplace(page, `Score ${name}`);
    const trainer = startTrainer({ url, token, spool }, "train", "--testSubset", "500", ...flags.split(" "));
    expect(await trainer.ended, trainer.said()).toBe(0);
    const [run] = (await ask<RunList>(token, "runs")).runs;
    expect(run).toMatchObject({ status: "finished", pointsLost: 0 });
    const series = (await seriesOf(token, run!.id)).find((one) => one.split === "validation" && one.metric === metric);
    console.log(`${name}: ${trainer.said().trim().split("\n").at(-1)}`);
    expect(series!.max).toBeGreaterThanOrEqual(atLeast);
  });
