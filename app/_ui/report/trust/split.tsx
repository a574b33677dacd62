import Link from "next/link";
import { VerdictMark } from "@/app/_ui/domain/verdict.tsx";
import { manifestHref } from "@/app/paths.ts";
import { getReport } from "@/lib/checks/report.ts";
import { splits } from "@/lib/wire/base/words.ts";
import { checkTitle, checkWords } from "@/lib/words/check-words.ts";
import { numberWords } from "@/lib/words/numbers.ts";
import { percentWords } from "@/lib/words/report-words.ts";
import { headlineWords } from "@/lib/words/verdicts.ts";
import { Digest } from "../frame/facts.tsx";
import type { PanelProps, ReportPanel } from "../frame/panel.ts";

/** Sizes, method and digests of the split, and what its checks found. */
async function Split({ page: { manifest, run }, member }: PanelProps) {
  const { checks } = await getReport(member, run.projectId, manifest.id);
  const total = splits.reduce((sum, split) => sum + manifest.counts[split], 0);
  const telling = checks.filter(({ verdict }) => verdict !== "not-applicable");
  return (
    <div className="grid gap-4 lg:grid-cols-2 lg:gap-12 print:grid-cols-2">
      <div className="overflow-x-auto">
        <table className="table flush dense">
          <caption className="pb-1 text-left text-xs text-muted">
            <Link prefetch={false} href={manifestHref(run.slug, manifest.id)} className="text-accent underline">
              {manifest.name}
            </Link>
            : {manifest.method}
            {manifest.seed !== null && `, seed ${manifest.seed}`}
          </caption>
          <thead>
            <tr>
              <th>Split</th>
              <th className="number">Samples</th>
              <th className="number">Share</th>
              <th>Digest</th>
            </tr>
          </thead>
          <tbody>
            {splits.map((split) => (
              <tr key={split}>
                <td>{split}</td>
                <td className="number">{numberWords(manifest.counts[split])}</td>
                <td className="number">{percentWords(manifest.counts[split] / Math.max(1, total))}</td>
                <td className="text-muted">
                  <Digest of={manifest.splitDigests[split]} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="grid content-start gap-1 text-sm">
        <p>{manifest.verdict === null ? "Its checks aren't done." : headlineWords(manifest.verdict)}</p>
        <ul className="grid">
          {telling.map((check) => (
            <li key={check.name} className="grid grid-cols-[100px_minmax(0,1fr)] gap-x-3 py-0.5">
              <VerdictMark verdict={check.verdict} />
              <span title={checkWords(check)} className="truncate">
                {checkTitle(check.name)} <span className="text-muted">{checkWords(check)}</span>
              </span>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

export const splitPanel: ReportPanel = { name: "split", content: Split };
