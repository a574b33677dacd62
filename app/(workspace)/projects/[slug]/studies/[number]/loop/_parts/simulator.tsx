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
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
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
      <Compared totals={simulated?.totals ?? null} floor={floor} metric={metric} />
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

const COLUMNS = ["Runs", "Keeps", "False", "False, %", "Gain", "Claim", "Too high by"] as const;

const cellsOf = ({ mean, share }: Totals, inUnit: (value: number) => string): string[] => [
  numberWords(Math.round(mean.runs)),
  decimalWords(mean.keeps, 1),
  decimalWords(mean.falseKeeps, 1),
  mean.keeps === 0 ? "–" : String(Math.round(share * 100)),
  inUnit(mean.gained),
  inUnit(mean.claimed),
  inUnit(mean.claimed - mean.gained),
];

type ComparedProps = { totals: Record<Manner, Totals> | null; floor: number; metric: string };

/** Without figures its places are kept: nothing jumps when they come. */
function Compared({ totals, floor, metric }: ComparedProps) {
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
            {COLUMNS.map((column) => (
              <th key={column} className="number">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {manners.map((manner) => {
            const cells = totals ? cellsOf(totals[manner], inUnit) : Array<string>(COLUMNS.length).fill("–");
            return (
              <tr key={manner}>
                <th scope="row">{words[manner]}</th>
                {COLUMNS.map((column, at) => (
                  <td key={column} className="number">
                    {cells[at]}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </WideTable>
  );
}
