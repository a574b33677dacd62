/** What a search computes to choose the next trial, in the process. */
import { ask } from "../../lib/search/ask.ts";
import type { Trial } from "../../lib/search/history.ts";
import type { Space } from "../../lib/search/space.ts";
import { type Context, type Row, rowOf, shown } from "../harness.ts";

const TRIALS = 1_000;
const AXES = 12;
const ROUNDS = 20;
const space: Space = Array.from({ length: AXES }, (_, axis) => ({
  name: `x${axis}`,
  kind: "float",
  low: 1e-4,
  high: 1,
  scale: axis % 2 === 0 ? "log" : "linear",
}));

export function run({ seed }: Context): Row[] {
  const history = historyOf(seed);
  const of = `asked for the next trial after ${shown(TRIALS)} × ${AXES} dimensions`;
  const against = "called in the process, of a history drawn at random";
  const samplesOf = (method: "tpe" | "gaussian-process") =>
    Array.from({ length: ROUNDS }, (_, round) => {
      const startedAt = performance.now();
      ask(space, history, { method, goal: "min", seed: seed + round });
      return performance.now() - startedAt;
    });
  return [
    rowOf({
      id: "search-tpe",
      name: `TPE ${of}`,
      unit: "ms",
      bar: { atMost: 50, by: "loop" },
      against,
      samples: samplesOf("tpe"),
    }),
    rowOf({
      id: "search-process",
      name: `Gaussian process ${of}`,
      unit: "ms",
      bar: { atMost: 250, by: "loop" },
      against,
      samples: samplesOf("gaussian-process"),
    }),
  ];
}

/** Trials at random, each worth a bowl's height and a little noise. */
function historyOf(seed: number): Trial[] {
  const history: Trial[] = [];
  for (let trial = 0; trial < TRIALS; trial++) {
    const values = ask(space, history, { method: "random", goal: "min", seed })!;
    const outcome = Object.values(values).reduce<number>(
      (sum, value, axis) => sum + (Number(value) - 0.3) ** 2 * axis,
      0,
    );
    history.push({ values, outcome: outcome + (trial % 7) / 100 });
  }
  return history;
}
