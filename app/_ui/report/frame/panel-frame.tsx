import { ThreadMark } from "@/app/_ui/domain/threads/thread-mark.tsx";
import { PanelHead } from "@/app/_ui/figures/panel-head.tsx";
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
      <PanelHead name={name} title={title} question={question}>
        {talk && (
          <ThreadMark
            projectId={talk.projectId}
            subject={talk.subject}
            anchor={anchorText({ kind: "panel", name })}
            count={talk.counts[anchorText({ kind: "panel", name })] ?? 0}
          />
        )}
      </PanelHead>
      {filled ?? <p className="text-sm text-muted">{fill}</p>}
    </section>
  );
}
