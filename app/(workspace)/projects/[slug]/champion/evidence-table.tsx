import Link from "next/link";
import { WideTable } from "@/app/_ui/figures/wide-table.tsx";
import { evaluationHref } from "@/app/paths.ts";
import type { Evidence } from "@/lib/wire/champions.ts";
import { metricWords } from "@/lib/words/champions/champion-words.ts";
import { numberWords } from "@/lib/words/numbers.ts";
import { metricTitle } from "@/lib/words/report-words.ts";

const SHOWN = 5;

type EvidenceTableProps = { slug: string; evidence: Evidence[]; metric: string };

/** A line an evaluation: the rule's metric first, then the next ones of its report. */
export function EvidenceTable({ slug, evidence, metric }: EvidenceTableProps) {
  return (
    <WideTable>
      <table className="text-sm">
        <caption className="sr-only">Evidence</caption>
        <thead>
          <tr className="h-8 border-b border-line text-left text-xs text-muted">
            <th className="pr-6 font-medium">Split</th>
            <th className="pr-6 text-right font-medium">Samples</th>
            <th className="pr-6 font-medium">Metrics, with their intervals</th>
            <th className="font-medium">Evaluation</th>
          </tr>
        </thead>
        <tbody>
          {evidence.map((one) => (
            <tr key={one.evaluation} className="border-b border-line align-top">
              <td className="py-1.5 pr-6">{one.split}</td>
              <td className="py-1.5 pr-6 text-right tabular-nums">{numberWords(one.samples)}</td>
              <td className="py-1.5 pr-6">
                <Metrics evidence={one} metric={metric} />
              </td>
              <td className="py-1.5">
                <Link
                  href={evaluationHref(slug, one.run, one.evaluation)}
                  prefetch={false}
                  className="underline hover:text-accent"
                >
                  report
                </Link>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </WideTable>
  );
}

function Metrics({ evidence, metric }: { evidence: Evidence; metric: string }) {
  if (!evidence.metrics) return <span className="text-muted">not for you to see</span>;
  const first = evidence.metrics.filter((one) => one.metric === metric);
  const others = evidence.metrics.filter((one) => one.metric !== metric && typeof one.value === "number");
  return (
    <ul className="grid gap-0.5 tabular-nums">
      {[...first, ...others].slice(0, SHOWN).map((one) => (
        <li key={one.metric} className={one.metric === metric ? "font-medium" : "text-muted"}>
          {metricTitle(one.metric, one.topK?.k)} {metricWords(one)}
        </li>
      ))}
    </ul>
  );
}
