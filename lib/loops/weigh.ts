/** A candidate weighed against the incumbent by the runs that a loop holds of both. */
import { besideWanted, type Loop as LoopState, levelOf, ruleOn } from "../referee/loop.ts";
import type { Candidacy, Ruling } from "../referee/ruling.ts";
import type { RulingFigures } from "../wire/studies/loops.ts";
import type { LoopRun } from "./handed-in.ts";
import { floorOf, type KeptState, type LoopRow, ruleOf, settingsOf } from "./loops.ts";
import type { TestedRuns, Valued } from "./samples.ts";
import type { Sides } from "./sides.ts";

export type Weighed = { ruling: Ruling; figures: RulingFigures; after: Omit<KeptState, "handed"> };

/** What the validation samples add to the variance; null: nobody knows. */
export type ReadSamples = (runs: TestedRuns) => Promise<NonNullable<Candidacy["samples"]> | null>;

type Asked = { recipe: string; sides: Sides; earlier: "keep" | "discard" | null };

const withValue = (runs: readonly LoopRun[]): Valued[] =>
  runs.flatMap(({ runId, value }) => (value === null ? [] : [{ runId, value }]));

export async function weigh(state: KeptState, asked: Asked, loop: LoopRow, readSamples: ReadSamples): Promise<Weighed> {
  const { recipe, sides, earlier } = asked;
  const settings = settingsOf(ruleOf(loop));
  const before: LoopState = { ...state, judged: new Map(earlier ? [[recipe, earlier]] : []) };
  const values = sides.candidate.map(({ value }) => value);
  // the first run is the screen; where it crashed, the second is
  const screened = settings.screen === null ? 0 : values[0] === null ? 2 : 1;
  const beside = withValue(sides.incumbent);
  const isReplicate = recipe === state.incumbent.recipe;
  // until it has a value the incumbent is run by itself; later its runs stand beside a confirmation
  const isWarming = isReplicate || state.incumbent.values.length < settings.incumbentMin;
  const warmed: LoopState = isWarming
    ? { ...before, incumbent: { ...before.incumbent, values: [...before.incumbent.values, ...valuesOf(beside)] } }
    : before;
  const alongside = isWarming ? [] : beside;
  const confirming = sides.candidate.slice(screened, screened + settings.seeds - (settings.screen === null ? 0 : 1));
  const submission = {
    recipe,
    screen: isReplicate ? [] : values.slice(0, screened),
    confirm: confirming.map(({ value }) => value),
    alongside: valuesOf(alongside),
    fresh: [],
  };
  const taken = alongside.slice(0, besideWanted(warmed, settings));
  const valued = [...(state.valued ?? []), ...(isWarming ? beside : taken).map(({ runId }) => runId)];
  const incumbentValues = [...warmed.incumbent.values, ...valuesOf(alongside)];
  let told = ruleOn(warmed, submission, settings);
  // asked for where a test is made alone: it reads every sample of every run
  const samples =
    told.ruling.test && state.valued
      ? await readSamples({
          candidate: withValue(confirming),
          incumbent: valued.map((runId, at) => ({ runId, value: incumbentValues[at]! })),
        })
      : null;
  if (samples) told = ruleOn(warmed, { ...submission, samples }, settings);
  return {
    ruling: told.ruling,
    figures: {
      level: levelOf(before, settings),
      candidate: values,
      incumbent: incumbentValues,
      noiseFloor: floorOf(state, incumbentValues),
      screened: told.ruling.screened,
      test: told.ruling.test && withoutLevel(told.ruling.test),
      samples,
      run: told.ruling.run,
    },
    after: afterwards(state, { sides, warmed, isWarming, valued }, told),
  };
}

const valuesOf = (runs: readonly Valued[]): number[] => runs.map(({ value }) => value);

function withoutLevel({ level: _, ...test }: NonNullable<Ruling["test"]>) {
  return test;
}

/** Which runs count from here on: of a new incumbent none, as those that won were chosen by their values. */
function afterwards(
  state: KeptState,
  { sides, warmed, isWarming, valued }: { sides: Sides; warmed: LoopState; isWarming: boolean; valued: string[] },
  told: { ruling: Ruling; loop: LoopState },
): Omit<KeptState, "handed"> {
  const { judged: _, ...after } = told.loop;
  if (told.ruling.ruling === "keep" && told.ruling.reason === "gain") {
    const won = sides.candidate.map(({ runId }) => runId);
    return { ...after, incumbentRun: won[0]!, counted: won, valued: [] };
  }
  const counts = isWarming || after.incumbent.values.length > warmed.incumbent.values.length;
  const { incumbentRun, counted } = state;
  if (!counts) return { ...after, incumbentRun, counted, ...(state.valued && { valued: state.valued }) };
  const all = [...counted, ...sides.incumbent.map(({ runId }) => runId)];
  return { ...after, incumbentRun, counted: all, ...(state.valued && { valued }) };
}
