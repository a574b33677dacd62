"use client";
/** What a rule costs and gains in a world that is guessed, beside keeping whatever is higher once. */
import { useEffect, useRef, useState } from "react";
import { WideTable } from "@/app/_ui/figures/wide-table.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Field } from "@/app/_ui/parts/field.tsx";
import { refereeDecay } from "@/lib/referee/levels.ts";
import { type LoopSettings, loopSettings } from "@/lib/referee/loop.ts";
import { type Manner, manners, type Totals, usualWorld, type World } from "@/lib/referee/simulate.ts";
import { decimalWords, numberWords, significantWords } from "@/lib/words/numbers.ts";
import { LOOPS, type Simulated, simulateInTurns } from "./simulate-in-turns.ts";

/** What of a rule the simulation goes by. */
export type SimulatedRule = Pick<LoopSettings, "seeds" | "screen" | "smallest" | "alpha">;
type SimulatorProps = {
  rule: SimulatedRule;
  /** Of the project; null: nobody knows, and one is typed. */
  noiseFloor: number | null;
  metric: string;
};

const words: Record<Manner, string> = {
  greedy: "keep what is higher once",
  referee: "this rule",
  milestones: "greedy, bundles of 20 tested on other samples",
};

const typed = { floor: "", candidates: "100", improve: "10", harm: "45", gain: "1.6", luck: "0.5" };
type Typed = typeof typed;

export function Simulator({ rule, noiseFloor, metric }: SimulatorProps) {
  const [given, setGiven] = useState<Typed>(() => ({
    ...typed,
    floor: noiseFloor === null ? "" : String(Number(noiseFloor.toPrecision(3))),
  }));
  const [simulated, setSimulated] = useState<Simulated | null>(null);
  const [error, setError] = useState<string | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const floor = Number(given.floor) || 1;
  const start = () => {
    running.current?.abort();
    const world = worldOf(given);
    setSimulated(null);
    setError(typeof world === "string" ? world : null);
    if (typeof world === "string") return;
    const turn = new AbortController();
    running.current = turn;
    const settings = {
      ...loopSettings,
      ...rule,
      smallest: rule.smallest / floor,
      start: rule.alpha / 2,
      decay: refereeDecay,
    };
    void simulateInTurns({ world, settings }, (found) => turn.signal.aborted || setSimulated(found), turn.signal);
  };
  const field = (name: keyof Typed, label: string, hint: string) => (
    <Field
      label={label}
      hint={hint}
      inputMode="decimal"
      value={given[name]}
      onChange={({ target }) => setGiven((before) => ({ ...before, [name]: target.value }))}
    />
  );
  return (
    <div className="grid min-w-0 gap-4">
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {field(
          "floor",
          "Noise floor",
          noiseFloor === null ? `In units of ${metric}; empty: 1.` : `In units of ${metric}; the project's, as of now.`,
        )}
        {field("candidates", "Candidates", "Up to 400.")}
        {field("improve", "Improve, %", "Of the candidates.")}
        {field("gain", "Mean gain", "Of those, in noise floors; between a third and twice it.")}
        {field("harm", "Harm, %", "By 2 noise floors in the mean; the rest changes nothing.")}
        {field("luck", "Luck of the samples", "What the validation samples add to a change, in noise floors.")}
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <Button onClick={start}>Simulate {LOOPS} loops</Button>
        <p aria-live="polite" className="text-sm text-muted">
          {error ??
            (simulated &&
              (simulated.done < LOOPS ? `${simulated.done} of ${LOOPS}` : `${LOOPS} loops, seeds 1 to ${LOOPS}`))}
        </p>
      </div>
      {/* the place is kept: nothing jumps when figures come */}
      <div className="min-h-44">
        {simulated && <Compared totals={simulated.totals} floor={floor} metric={metric} />}
      </div>
    </div>
  );
}

/** The world that is guessed, or what is wrong with it. */
function worldOf(given: Typed): World | string {
  const [candidates, improve, harm, gain, luck] = [
    given.candidates,
    given.improve,
    given.harm,
    given.gain,
    given.luck,
  ].map(Number);
  if (!(Number.isInteger(candidates) && candidates! >= 1 && candidates! <= 400))
    return "Candidates: a whole number from 1 to 400.";
  if (!(improve! >= 0 && harm! >= 0 && improve! + harm! <= 100))
    return "Improve and harm: shares that make at most 100 %.";
  if (!(gain! > 0 && gain! <= 100)) return "Mean gain: above 0, up to 100 noise floors.";
  if (!(luck! >= 0 && luck! <= 100)) return "Luck of the samples: from 0 to 100 noise floors.";
  if (given.floor.trim() !== "" && !(Number(given.floor) > 0)) return "Noise floor: above 0.";
  // the shape of RIGOUR 4.11's gains, whose mean is 1.625
  const gains = usualWorld.gains.map((one) => (one * gain!) / 1.625);
  return { ...usualWorld, candidates: candidates!, improve: improve! / 100, harm: harm! / 100, gains, luck: luck! };
}

const Compared = ({ totals, floor, metric }: { totals: Record<Manner, Totals>; floor: number; metric: string }) => {
  const inUnit = (value: number) => significantWords(value * floor, 3).replace("-", "−");
  return (
    <WideTable>
      <table className="table">
        <caption className="pb-2 text-left text-sm text-muted">
          Means of a loop. Gain and claim in units of {metric}; the gain is of the population, the claim what is shown.
        </caption>
        <thead>
          <tr>
            <th>Manner</th>
            <th className="number">Runs</th>
            <th className="number">Keeps</th>
            <th className="number">False</th>
            <th className="number">False, %</th>
            <th className="number">Gain</th>
            <th className="number">Claim</th>
            <th className="number">Too high by</th>
          </tr>
        </thead>
        <tbody>
          {manners.map((manner) => {
            const { mean, share } = totals[manner];
            return (
              <tr key={manner}>
                <th scope="row">{words[manner]}</th>
                <td className="number">{numberWords(Math.round(mean.runs))}</td>
                <td className="number">{decimalWords(mean.keeps, 1)}</td>
                <td className="number">{decimalWords(mean.falseKeeps, 1)}</td>
                <td className="number">{mean.keeps === 0 ? "" : Math.round(share * 100)}</td>
                <td className="number">{inUnit(mean.gained)}</td>
                <td className="number">{inUnit(mean.claimed)}</td>
                <td className="number">{inUnit(mean.claimed - mean.gained)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </WideTable>
  );
};
