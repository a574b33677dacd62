/** `referee`: hands a candidate of a loop in, and ends with what was ruled. */
import type { Config } from "../../../lib/wire/base/config.ts";
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
};

/** Hands runs in, or asks about a config that nobody has trained. Returns 0 keep, 10 discard, 11 run again, 12 refused. */
export async function refereeCommand(
  context: CommandContext,
  runs: string[],
  { study, ask: config, like }: RefereeSettings,
): Promise<number> {
  if (config !== undefined && like === undefined)
    throw new Error("--like: names a run of the same code and manifest as the config that --ask gives");
  if (config === undefined && runs.length === 0) throw new Error("referee: name the candidate's runs by their ids");
  const body = config === undefined ? { runs } : { ask: { config: config as Config, likeRun: like } };
  const { target, signal } = context;
  const path = `/api/v1/studies/${study}/rulings`;
  const answered = await unlessStopped(context, () => ask(target, { method: "POST", path, signal, ...json(body) }));
  const ruling = rulingSchema.parse(answered);
  console.log(wordsOf(ruling));
  return rulingExits[ruling.ruling];
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
