/** Real trainings through the balancer, one after the other, while servers die. */
import { setTimeout as delay } from "node:timers/promises";
import type { ManifestList } from "../../../lib/wire/data/manifests.ts";
import type { RunList } from "../../../lib/wire/runs.ts";
import { askFor } from "../../../servers/known-points.ts";
import { stopCrew } from "../crew.ts";
import { startTrainer } from "../trainer.ts";
import type { Shown, Stage } from "./stage.ts";

const DATA = ["--data", "mnist", "--subset", "2000", "--testSubset", "500", "--manifestName", "mnist 2k"];
const MODEL = ["--family", "cnn", "--filters", "8,16", "--epochs", "4"];
const CHECKED_MS = 60_000;
const POLL_MS = 250;

/** Trains until `end` is called, and at least once. `end` resolves with what came of it. */
export function trainMeanwhile(stage: Stage): { end: () => Promise<Shown[]> } {
  let isOver = false;
  const trained = trainUntil(stage, () => isOver);
  // who asks for the end hears of a failure
  trained.catch(() => {});
  const end = async () => {
    isOver = true;
    return [await whatWasTrained(stage, await trained), await whatWasChecked(stage)];
  };
  return { end };
}

/** The exit codes of the trainings. */
async function trainUntil(stage: Stage, isOver: () => boolean): Promise<(number | null)[]> {
  const { environment, shutdown } = stage;
  const codes: (number | null)[] = [];
  while (codes.length === 0 || (!isOver() && codes.at(-1) === 0)) {
    const seed = String(codes.length + 1);
    const args = ["train", ...DATA, ...MODEL, "--seed", seed, "--name", `cnn, seed ${seed}`, "--no-code"];
    const child = startTrainer(environment, args, "ignore");
    shutdown.onStop(() => stopCrew([child]));
    codes.push(await new Promise<number | null>((resolve) => child.on("close", resolve)));
  }
  return codes;
}

async function whatWasTrained({ place }: Stage, codes: (number | null)[]): Promise<Shown> {
  const { runs } = await askFor<RunList>(place, { method: "GET", route: "runs" });
  const finished = runs.filter(({ name, status }) => name?.startsWith("cnn") && status === "finished").length;
  const words = `${codes.length} networks were trained on MNIST through the balancer meanwhile, and ${finished} runs of them finished`;
  return { words, isSo: codes.every((code) => code === 0) && finished === codes.length };
}

async function whatWasChecked({ place }: Stage): Promise<Shown> {
  for (const deadline = Date.now() + CHECKED_MS; ; await delay(POLL_MS)) {
    const { manifests } = await askFor<ManifestList>(place, { method: "GET", route: "manifests" });
    const verdicts = manifests.map(({ verdict }) => verdict);
    const isSo = verdicts.length === 1 && verdicts[0] !== null;
    if (isSo || Date.now() > deadline)
      return { words: `their split was registered once, and a worker checked it: ${verdicts.join(", ")}`, isSo };
  }
}
