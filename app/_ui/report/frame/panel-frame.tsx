import { Link2 } from "lucide-react";
import { ThreadMark } from "@/app/_ui/domain/threads/thread-mark.tsx";
import { anchorText } from "@/lib/wire/reviews/anchors.ts";
import { sectionWords } from "@/lib/words/report-words.ts";
import type { PanelProps, ReportPanel } from "./panel.ts";

/** A section of the report under its own heading and link; where nothing fills it, one line says what would. */
export async function PanelFrame({ panel: { name, content }, ...props }: PanelProps & { panel: ReportPanel }) {
  const filled = await content(props);
  const { talk } = props;
  const { title, question, fill } = sectionWords(name);
  return (
    <section
      id={name}
      aria-labelledby={`${name}-title`}
      className="report-panel grid min-w-0 scroll-mt-4 gap-3 border-b border-line px-4 py-6 last:border-b-0 md:px-6"
    >
      <div className="flex flex-wrap items-baseline gap-x-3">
        <h2 id={`${name}-title`} className="group text-base font-medium">
          {title}
          <a
            href={`#${name}`}
            aria-label={`Link to ${title}`}
            className="ml-1.5 inline-block align-middle text-muted opacity-0 group-hover:opacity-100 focus-visible:opacity-100 print:hidden"
          >
            <Link2 aria-hidden className="size-3.5" />
          </a>
        </h2>
        <p className="text-sm text-muted">{question}</p>
        {talk && (
          <span className="ml-auto">
            <ThreadMark
              projectId={talk.projectId}
              subject={talk.subject}
              anchor={anchorText({ kind: "panel", name })}
              count={talk.counts[anchorText({ kind: "panel", name })] ?? 0}
            />
          </span>
        )}
      </div>
      {filled ?? <p className="text-sm text-muted">{fill}</p>}
    </section>
  );
}
