import { WideTable } from "@/app/_ui/figures/wide-table.tsx";
import type { ComparedSide, StudyComparison } from "@/lib/studies/standing/comparisons.ts";
import { countWords, significantWords, valueWords } from "@/lib/words/numbers.ts";
import { comparisonVerdictWords, deltaWords, noiseFloorWords, spanWords } from "@/lib/words/studies/standing-words.ts";
import type { PanelProps, StudyPanel } from "../frame/panel.ts";
import { familyOf, floorOf } from "./floor.ts";

/** The family of comparisons, those that came to nothing among them. */
async function Comparisons(props: PanelProps) {
  const [{ comparisons, tested }, floor] = await Promise.all([familyOf(props), floorOf(props)]);
  if (comparisons.length === 0) return null;
  return (
    <div className="grid gap-3 text-sm">
      <WideTable>
        <table className="table">
          <thead>
            <tr>
              <th>Name</th>
              <th>Best</th>
              <th>Against</th>
              <th className="number">Difference</th>
              <th>95 % interval</th>
              <th className="number">p (Holm)</th>
              <th>Spread of</th>
              <th>Verdict</th>
            </tr>
          </thead>
          <tbody>
            {comparisons.map((one) => (
              <Row key={one.name} comparison={one} />
            ))}
          </tbody>
        </table>
      </WideTable>
      <p className="max-w-160 text-muted">
        {tested === 0
          ? "None could be tested."
          : `A family of ${countWords(tested, "test")}: p is Holm’s over all of them.`}{" "}
        {noiseFloorWords(floor)}
      </p>
    </div>
  );
}

const sideWords = ({ number, value, seeds }: ComparedSide): string =>
  `${number === null ? "its loop’s incumbent" : `trial ${number}`}: ${valueWords(value)}, ${countWords(seeds, "seed")}`;

function Row({ comparison }: { comparison: StudyComparison }) {
  const { name, against, a, b, delta, interval, p, by, verdict } = comparison;
  return (
    <tr id={`comparison-${name}`}>
      <th scope="row" className="font-medium">
        {name}
      </th>
      <td>{sideWords(a)}</td>
      <td>{against === "before" ? `the study before, ${sideWords(b)}` : sideWords(b)}</td>
      <td className="number">{deltaWords(delta)}</td>
      <td className="tabular-nums">{interval === null ? "unknown" : spanWords(interval)}</td>
      <td className="number">{p === null ? "–" : significantWords(p, 2)}</td>
      <td className="text-muted">
        {by === null ? "nobody knows" : by === "seeds" ? "their seeds" : "the noise floor"}
      </td>
      <td className={verdict === "better" ? "font-medium" : "text-muted"}>{comparisonVerdictWords(verdict)}</td>
    </tr>
  );
}

export const comparisonsPanel: StudyPanel = { name: "comparisons", content: Comparisons };
