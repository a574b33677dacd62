/**
 * Records what real trainings come to, so that searches can be held against each other without training again:
 *   node --import tsx bench/processes/record-mnist-grid.ts > lib/search/mnist-grid.json
 * A small network on 400 images of MNIST for 25 updates, at every combination below; the error on 600 others.
 */
import { loadBackend } from "../../trainer/src/backend/backend.ts";
import { trainingSchema } from "../../trainer/src/config/training.ts";
import { seededRandom, shuffled } from "../../trainer/src/data/random.ts";
import { readDataSet } from "../../trainer/src/data/sets.ts";
import { Learner } from "../../trainer/src/model/learner.ts";
import { fitNormalisation, prepareSet } from "../../trainer/src/model/preprocessing.ts";

const TRAINED = 400;
const VALIDATED = 600;
const UPDATES = 25;

const axes = {
  learningRate: Array.from({ length: 16 }, (_, at) => Number((1e-4 * 10 ** (at * 0.25)).toPrecision(3))),
  momentum: [0, 0.5, 0.8, 0.9, 0.95, 0.99],
  batchSize: [8, 16, 32, 64],
  units: [16, 32, 64],
};

const { tf } = await loadBackend("wasm");
const raw = await readDataSet("mnist");
const base = trainingSchema.parse({ family: "mlp", units: [16], optimizer: { name: "momentum" } });
const set = await prepareSet(tf, raw, base.preprocessing);
const train = Uint32Array.from({ length: TRAINED }, (_, at) => at);
const validation = Uint32Array.from({ length: VALIDATED }, (_, at) => TRAINED + at);
const fitted = fitNormalisation(set, train, base.preprocessing, "");

const errors: number[] = [];
for (const learningRate of axes.learningRate)
  for (const momentum of axes.momentum)
    for (const batchSize of axes.batchSize)
      for (const units of axes.units) errors.push(await errorOf({ learningRate, momentum, batchSize, units }));
console.log(JSON.stringify({ axes, errors }));

type Point = { learningRate: number; momentum: number; batchSize: number; units: number };

/** The share of validation images that are told wrong after the training; 1 where it diverged. */
async function errorOf({ learningRate, momentum, batchSize, units }: Point): Promise<number> {
  const optimizer = { name: "momentum", learningRate, momentum };
  const config = trainingSchema.parse({ family: "mlp", units: [units], batchSize, seed: 1, optimizer });
  const learner = new Learner(tf, set, config, fitted);
  const order = shuffled(TRAINED, seededRandom(1, "order"));
  let isSound = true;
  for (let step = 0; step < UPDATES && isSound; step++) {
    const samples = Uint32Array.from({ length: batchSize }, (_, at) => order[(step * batchSize + at) % TRAINED]!);
    const { loss } = await learner.update(samples, { epoch: 0, step, learningRate });
    isSound = Number.isFinite(loss);
  }
  const { accuracy } = isSound ? await learner.evaluate(validation) : { accuracy: 0 };
  learner.dispose();
  return Number((1 - (accuracy ?? 0)).toFixed(4));
}
