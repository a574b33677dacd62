import { WideTable } from "@/app/_ui/figures/wide-table.tsx";
import type { Importance as ImportanceData } from "@/lib/studies/panels/search/importance.ts";
import { countWords, decimalWords, numberWords } from "@/lib/words/numbers.ts";

const WIDTH = 160;

/** How much of the objective's variance each parameter explains alone, beside what chance would. */
export function Importance({ importance: { factors } }: { importance: ImportanceData }) {
  if (factors.length < 2) return null;
  return (
    <div className="grid min-w-0 gap-1">
      <h3 className="text-xs font-medium">Importance: share of the variance explained alone</h3>
      <WideTable label="Importance of the parameters">
        <table className="table flush dense max-w-160">
          <thead>
            <tr>
              <th>Parameter</th>
              <th className="number">Share</th>
              <th className="number">Chance gives</th>
              <th>
                <span className="sr-only">Drawn</span>
              </th>
              <th>Then</th>
            </tr>
          </thead>
          <tbody>
            {factors.map(({ name, found, isClear }) => (
              <tr key={name} data-factor={name}>
                <td>{name}</td>
                {found.kind === "measured" ? (
                  <>
                    <td className="number">{decimalWords(found.index, 2)}</td>
                    <td className="number text-muted">up to {decimalWords(found.line, 2)}</td>
                    <td>
                      <Bar index={found.index} line={found.line} />
                    </td>
                    <td>{isClear ? "it matters" : "may be fixed"}</td>
                  </>
                ) : (
                  <td colSpan={4} className="text-muted">
                    {found.kind === "too-few"
                      ? `too few results: ${numberWords(found.n)} of ${countWords(found.needed, "that is needed", "that are needed")}`
                      : found.kind === "constant"
                        ? "it had one value"
                        : "all results are equal"}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </WideTable>
    </div>
  );
}

const Bar = ({ index, line }: { index: number; line: number }) => (
  <svg aria-hidden width={WIDTH} height="12" className="block">
    <rect y="2" height="8" width={index * WIDTH} fill={index > line ? "var(--accent)" : "var(--muted)"} />
    <line x1={line * WIDTH} x2={line * WIDTH} y1="0" y2="12" stroke="var(--text)" strokeDasharray="2 2" />
  </svg>
);
