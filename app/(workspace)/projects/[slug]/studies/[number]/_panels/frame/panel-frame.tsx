import { ThreadMark } from "@/app/_ui/domain/threads/thread-mark.tsx";
import { PanelHead } from "@/app/_ui/figures/panel-head.tsx";
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
      <PanelHead name={name} title={title} question={question}>
        <ThreadMark
          projectId={props.project.id}
          subject={`study:${props.study.id}`}
          anchor={anchorText({ kind: "panel", name })}
          count={threads[anchorText({ kind: "panel", name })] ?? 0}
        />
      </PanelHead>
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
