/** What stands between the runs, and which were asked for and aren't shown. */
import { TriangleAlert } from "lucide-react";
import type { ComparedFacts } from "@/lib/compare/comparison.ts";
import { COMPARED_RUNS_MAX } from "@/lib/wire/comparison.ts";
import { leftOutDetail, noticeTitle } from "@/lib/words/comparison-words.ts";
import { countWords, listWords } from "@/lib/words/numbers.ts";

type NoticesProps = { facts: ComparedFacts };

export function Notices({ facts: { runs, notices, leftOut, beyond } }: NoticesProps) {
  const nameOf = new Map(runs.map(({ id, name }) => [id, name]));
  const said = [
    ...leftOut.map((one) => leftOutDetail(one)),
    ...(beyond > 0 ? [`${countWords(beyond, "run")} more: the first ${COMPARED_RUNS_MAX} are shown`] : []),
  ];
  return (
    <>
      {said.length > 0 && (
        <p role="status" className="border-b border-line px-4 py-2 text-sm text-muted md:px-6">
          Left out: {said.join("; ")}.
        </p>
      )}
      {notices.length > 0 && (
        <section aria-label="Not comparable as they are" className="border-b border-line bg-warning-soft text-sm">
          <ul className="grid gap-1 px-4 py-2 md:px-6">
            {notices.map((notice) => (
              <li key={`${notice.kind} ${notice.runs[0]}`} className="flex gap-2">
                <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warning" />
                <span className="wrap-anywhere">
                  <b className="font-medium">{noticeTitle(notice)}:</b>{" "}
                  {listWords(notice.runs.map((id) => nameOf.get(id) ?? id))}. {notice.detail}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
