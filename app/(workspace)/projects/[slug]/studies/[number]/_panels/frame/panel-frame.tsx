import { Link2 } from "lucide-react";
import { ThreadMark } from "@/app/_ui/domain/threads/thread-mark.tsx";
import type { StudyReview } from "@/lib/studies/review/read-review.ts";
import { anchorText } from "@/lib/wire/reviews/anchors.ts";
import type { StudySection } from "@/lib/wire/studies/sections.ts";
import { missingWords, studySectionWords } from "@/lib/words/studies/panels/panel-words.ts";
import { FlagList } from "./flag-list.tsx";
import type { PanelProps, StudyPanel } from "./panel.ts";

/** `threads`: how many are open at each place of the study. */
type PanelFrameProps = PanelProps & { panel: StudyPanel; threads: Record<string, number> };

/** A panel under its own heading and link, with what was seen in it; where nothing fills it, one line says what would. */
export async function PanelFrame({ panel: { name, content }, threads, ...props }: PanelFrameProps) {
  const filled = await content(props);
  const { title, question } = studySectionWords(name);
  return (
    <section
      id={name}
      data-panel={name}
      aria-labelledby={`${name}-title`}
      className="grid min-w-0 scroll-mt-4 grid-cols-[minmax(0,1fr)] gap-3 border-b border-line px-4 py-6 last:border-b-0 md:px-6"
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
        <span className="ml-auto">
          <ThreadMark
            projectId={props.project.id}
            subject={`study:${props.study.id}`}
            anchor={anchorText({ kind: "panel", name })}
            count={threads[anchorText({ kind: "panel", name })] ?? 0}
          />
        </span>
      </div>
      <FlagList flags={flagsOf(props.review, name)} />
      {filled ?? <p className="text-sm text-muted">{fillOf(props.review, name)}</p>}
    </section>
  );
}

const flagsOf = ({ flags }: StudyReview, name: StudySection) =>
  flags.filter(({ section }) => section === name).map(({ flag }) => flag);

function fillOf({ panels }: StudyReview, name: StudySection): string {
  const made = name in panels ? panels[name as keyof typeof panels] : null;
  return made && "missing" in made ? missingWords(made.missing) : studySectionWords(name).fill;
}
