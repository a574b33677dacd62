import Link from "next/link";
import { WideTable } from "@/app/_ui/figures/wide-table.tsx";
import { studyHref } from "@/app/paths.ts";
import type { ComplexityData, Extra, Launch } from "@/lib/studies/panels/trust/complexity.ts";
import { countWords, listWords, valueWords } from "@/lib/words/numbers.ts";
import { searchedWords } from "@/lib/words/studies/panels/panel-words.ts";
import { drawn, type PanelProps } from "../frame/panel.ts";

const extraWords = (extras: readonly Extra[]): string =>
  extras.length === 0 ? "" : listWords(extras.map(({ key, value }) => `${key} ${searchedWords(value)}`));

/** Extras by study, with what each gained. */
function Complexity({ data: { before, now, launches, candidates }, project }: PanelProps & { data: ComplexityData }) {
  const more = now.length - before.length;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3 text-sm">
      <p>
        {countWords(now.length, "extra")} now{now.length > 0 && `: ${extraWords(now)}`}.{" "}
        {more === 0 ? "As many as at first." : `${Math.abs(more)} ${more > 0 ? "more" : "fewer"} than at first.`}
        {candidates.length > 0 && ` To be tried without: ${extraWords(candidates)}.`}
      </p>
      <WideTable label="Extras by study">
        <table className="table flush dense">
          <thead>
            <tr>
              <th>Study</th>
              <th>Added</th>
              <th>Removed</th>
              <th className="number">Gain</th>
              <th>Interval, 95 %</th>
            </tr>
          </thead>
          <tbody>
            {launches.map((launch) => (
              <tr key={launch.study}>
                <td>
                  <Link prefetch={false} href={studyHref(project.slug, launch.study)} className="text-accent underline">
                    {launch.study}
                  </Link>{" "}
                  {launch.title}
                </td>
                <td>{extraWords(launch.added)}</td>
                <td>{extraWords(launch.removed)}</td>
                <GainCells gain={launch.gain} />
              </tr>
            ))}
          </tbody>
        </table>
      </WideTable>
    </div>
  );
}

const GainCells = ({ gain }: Pick<Launch, "gain">) => (
  <>
    <td className="number">{gain === null ? "" : valueWords(gain.value)}</td>
    <td className="text-muted">
      {gain === null
        ? "nothing to hold it against"
        : gain.low === null || gain.high === null
          ? "unknown: two seeds a side tell"
          : `${valueWords(gain.low)} to ${valueWords(gain.high)}`}
    </td>
  </>
);

export const complexityPanel = drawn("complexity", Complexity);
