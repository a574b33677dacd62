import { TriangleAlert } from "lucide-react";
import { WideTable } from "@/app/_ui/figures/wide-table.tsx";
import { type Split, splits } from "@/lib/wire/base/words.ts";
import type { ManifestDiff } from "@/lib/wire/data/manifest-diff.ts";
import { numberWords } from "@/lib/words/numbers.ts";

type Place = Split | null;
const places: Place[] = [...splits, null];

/** What was trained or tuned on is tested now, or the other way round. */
const isLeak = (from: Place, to: Place): boolean =>
  from !== null && to !== null && from !== to && (from === "test" || to === "test");

/** From each split (a row) to each split (a column): how many samples went where. */
export function FlowTable({ flows }: { flows: ManifestDiff["flows"] }) {
  const count = (from: Place, to: Place) => flows.find((flow) => flow.from === from && flow.to === to)?.samples ?? 0;
  const isUsed = (place: Place) => flows.some(({ from, to }) => from === place || to === place);
  const shown = places.filter((place) => place !== null || isUsed(null));
  return (
    <figure className="grid gap-1">
      <WideTable>
        <table className="text-sm tabular-nums">
          <caption className="sr-only">Samples by the split they were in (rows) and are in (columns)</caption>
          <thead>
            <tr className="h-8 border-b border-line text-right text-xs text-muted">
              <th className="pr-3 text-left font-medium">from ↓ to →</th>
              {shown.map((to) => (
                <th key={to ?? "gone"} scope="col" className="px-2 font-medium sm:px-4">
                  {to ?? "gone"}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((from) => (
              <tr key={from ?? "new"} className="h-8 border-b border-line last:border-b-0">
                <th scope="row" className="pr-3 text-left font-normal text-muted">
                  {from ?? "new"}
                </th>
                {shown.map((to) => (
                  <FlowCell key={to ?? "gone"} from={from} to={to} samples={count(from, to)} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </WideTable>
      <figcaption className="text-xs text-muted">
        Grey stayed where it was. <TriangleAlert aria-hidden className="inline size-3 text-danger" /> is test in one and
        trained or tuned on in the other.
      </figcaption>
    </figure>
  );
}

function FlowCell({ from, to, samples }: { from: Place; to: Place; samples: number }) {
  const base = "px-2 text-right whitespace-nowrap sm:px-4";
  if (from === null && to === null) return <td className={base} />;
  if (samples === 0) return <td className={`${base} text-muted`}>–</td>;
  if (from === to) return <td className={`${base} text-muted`}>{numberWords(samples)}</td>;
  if (!isLeak(from, to)) return <td className={`${base} font-medium`}>{numberWords(samples)}</td>;
  return (
    <td className={`${base} bg-danger-soft font-medium text-danger`}>
      <TriangleAlert aria-label="leak risk" className="mr-1 inline size-3" />
      {numberWords(samples)}
    </td>
  );
}
