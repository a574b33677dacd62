/** How much each hyperparameter explains alone: a bar with the line that shuffling reaches. */
import { decimalWords, numberWords } from "@/lib/words/numbers.ts";
import type { Factor } from "../state/factors.ts";

const WIDTH = 180;

type ImportanceProps = { factors: Factor[]; onPick: (column: string) => void };

export function Importance({ factors, onPick }: ImportanceProps) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-sm" data-testid="importance" data-drawn={factors.length}>
        <thead>
          <tr className="h-8 border-b border-line text-left text-xs text-muted">
            <th scope="col" className="pr-3 font-normal">
              Hyperparameter
            </th>
            <th scope="col" className="pr-3 font-normal">
              Share of the variance, and the null line
            </th>
            <th scope="col" className="pr-3 text-right font-normal">
              S
            </th>
            <th scope="col" className="pr-3 text-right font-normal">
              null line
            </th>
            <th scope="col" className="pr-3 text-right font-normal">
              bins
            </th>
            <th scope="col" className="text-right font-normal">
              n
            </th>
          </tr>
        </thead>
        <tbody>
          {factors.map((factor) => (
            <FactorRow key={factor.column.name} factor={factor} onPick={onPick} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function FactorRow({ factor: { column, found }, onPick }: { factor: Factor; onPick: (column: string) => void }) {
  const isMeasured = found.kind === "measured";
  const isAbove = isMeasured && found.index > found.line;
  return (
    <tr className="h-8 border-b border-line" data-factor={column.name} data-kind={found.kind}>
      <th scope="row" className="max-w-44 truncate pr-3 text-left font-normal" title={column.label}>
        <button type="button" className="max-w-full truncate hover:underline" onClick={() => onPick(column.name)}>
          {column.label}
        </button>
      </th>
      <td className="pr-3">
        {isMeasured ? (
          <Bar index={found.index} line={found.line} isAbove={isAbove} />
        ) : (
          <span className="text-muted">{whyNot(factorWords[found.kind], found)}</span>
        )}
      </td>
      <td className={`pr-3 text-right ${isAbove ? "font-medium" : "text-muted"}`}>
        {isMeasured && decimalWords(found.index, 3)}
      </td>
      <td className="pr-3 text-right text-muted">{isMeasured && decimalWords(found.line, 3)}</td>
      <td className="pr-3 text-right text-muted">{found.bins}</td>
      <td className="text-right text-muted">{numberWords(found.n)}</td>
    </tr>
  );
}

const factorWords: Record<Exclude<Factor["found"]["kind"], "measured">, string> = {
  "too-few": "too few trials",
  constant: "all runs have one value",
  "no-variance": "the objective never changes",
};

const whyNot = (words: string, found: Factor["found"]): string =>
  found.kind === "too-few" ? `${words}: ${found.n} of ${found.needed} that ${found.bins} bins need` : words;

function Bar({ index, line, isAbove }: { index: number; line: number; isAbove: boolean }) {
  const at = (share: number) => Math.min(WIDTH, Math.max(0, share * WIDTH));
  return (
    <svg aria-hidden width={WIDTH} height="16" viewBox={`0 0 ${WIDTH} 16`} className="block">
      <line x1="0" x2={WIDTH} y1="15.5" y2="15.5" stroke="var(--line)" />
      <rect y="3" width={at(index)} height="10" fill={isAbove ? "var(--accent)" : "var(--line-strong)"} />
      <line data-null-line x1={at(line)} x2={at(line)} y1="0" y2="16" stroke="var(--text)" strokeDasharray="2 2" />
    </svg>
  );
}
