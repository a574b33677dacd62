/** `referee`: hands a candidate of a loop in, and ends with what was ruled. */
import { setTimeout as pause } from "node:timers/promises";
import type { Config } from "../../../lib/wire/base/config.ts";
import { type AskedRuns, askedRunsSchema } from "../../../lib/wire/studies/loop-runs.ts";
import { type RulingAnswer, type RulingReasonWord, rulingSchema } from "../../../lib/wire/studies/loops.ts";
import { ask } from "../client/ask.ts";
import { json } from "../client/http.ts";
import type { RefereeSettings } from "../config/settings.ts";
import { type CommandContext, unlessStopped } from "./context.ts";

/** As a script reads them. */
export const rulingExits = { keep: 0, discard: 10, "run-again": 11, refused: 12 } as const;

const reasons: Record<RulingReasonWord, string> = {
  gain: "it is better, and not by luck",
  screen: "its first run isn't ahead by more than the noise",
  crashed: "it crashed twice",
  unstable: "a run of its confirmation diverged",
  "not-distinguishable": "it can't be told from the incumbent",
  "below-smallest": "it is better by less than the smallest gain that is kept",
  behind: "it is behind the incumbent",
  history: "it was judged before",
  "seed-only": "it is the incumbent with another seed, and counts as one of its runs",
  "seed-changes-nothing": "all runs are alike: the seed changes nothing",
  "no-noise-floor": "there is no noise floor yet",
  unscreened: "nobody has run it yet",
  unconfirmed: "its first run is ahead, and is to be confirmed",
  ahead: "it is ahead by one run, and held until the next milestone",
  milestone: "a milestone: what is held is tested first",
  confirmed: "a milestone: what was held is better, and not by luck",
  "rolled-back": "a milestone: what was held isn't shown to be better, and is given up",
};

const PAUSE_MS = 2_000;

/**
 * Hands runs in, or asks about a config that nobody has trained. With `queue` what is to be run again is queued, and with
 * `wait` handed in as well once it has ended. Returns 0 keep, 10 discard, 11 run again, 12 refused.
 */
export async function refereeCommand(
  context: CommandContext,
  runs: string[],
  { study, ask: config, like, queue, wait }: RefereeSettings,
): Promise<number> {
  if (config !== undefined && like === undefined)
    throw new Error("--like: names a run of the same code and manifest as the config that --ask gives");
  if (config === undefined && runs.length === 0) throw new Error("referee: name the candidate's runs by their ids");
  let body: object = config === undefined ? { runs } : { ask: { config: config as Config, likeRun: like } };
  for (;;) {
    const ruling = rulingSchema.parse(await post(context, `/api/v1/studies/${study}/rulings`, body));
    console.log(wordsOf(ruling));
    const isQueued = (queue || wait) && ruling.ruling === "run-again" && ruling.number !== null;
    if (!isQueued) return rulingExits[ruling.ruling];
    const asked = await queueRuns(context, study, ruling.number!);
    for (const { name, run } of asked.runs) console.log(`${name}: run ${run}`);
    if (!wait) return rulingExits[ruling.ruling];
    const ended = await untilEnded(context, asked);
    body = { runs: [...(ruling.run ? [ruling.run] : []), ...ended] };
  }
}

const post = (context: CommandContext, path: string, body: object): Promise<unknown> =>
  unlessStopped(context, () => ask(context.target, { method: "POST", path, signal: context.signal, ...json(body) }));

const queueRuns = async (context: CommandContext, study: string, ruling: number): Promise<AskedRuns> =>
  askedRunsSchema.parse(await post(context, `/api/v1/studies/${study}/rulings/${ruling}/runs`, {}));

/** The runs once all have ended: one that is killed meanwhile is queued again by the asking. */
async function untilEnded(context: CommandContext, first: AskedRuns): Promise<string[]> {
  let asked = first;
  while (asked.runs.some(({ status }) => status !== "finished" && status !== "failed")) {
    await unlessStopped(context, () => pause(PAUSE_MS, undefined, { signal: context.signal }));
    asked = await queueRuns(context, asked.study, asked.ruling);
  }
  const other = asked.runs.find(({ isOther }) => isOther);
  if (other)
    throw new Error(
      `${other.name}: its worker has other code than the recipe that it is to be a run of; start the worker from that code`,
    );
  return asked.runs.map(({ run }) => run);
}

function wordsOf({ ruling, reason, figures }: RulingAnswer): string {
  const { run, test } = figures ?? {};
  const wanted = run && [
    ...(run.candidate > 0 ? [`${run.candidate} of the candidate`] : []),
    ...(run.incumbent > 0 ? [`${run.incumbent} of the incumbent`] : []),
  ];
  const lines = [
    `${ruling}: ${reasons[reason]}`,
    ...(wanted && wanted.length > 0 ? [`run, each with a seed of its own: ${wanted.join(", ")}`] : []),
    ...(test
      ? [`gain ${test.gain} (90 %: ${test.interval.join(" to ")}), p ${test.p} at level ${figures!.level}`]
      : []),
  ];
  return lines.join("\n");
}
