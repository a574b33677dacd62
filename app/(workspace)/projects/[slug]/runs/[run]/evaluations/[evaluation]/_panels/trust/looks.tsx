import { Time } from "@/app/_ui/parts/time.tsx";
import { listTestLooks } from "@/lib/evaluations/test-looks.ts";
import { lookWords } from "@/lib/words/look-words.ts";
import { countWords } from "@/lib/words/numbers.ts";
import type { PanelProps, ReportPanel } from "../panel.ts";

const SHOWN = 8;

/** Each opening of the test split: who, when and why. */
async function Looks({ page: { evaluation, run }, member }: PanelProps) {
  const { count, looks } = await listTestLooks(member, run.projectId, evaluation.manifest);
  if (count === 0) return null;
  return (
    <div className="grid gap-2 text-sm">
      <p>{countWords(count, "look")} at this test split so far.</p>
      <ol className="grid gap-0.5 text-muted">
        {looks.slice(0, SHOWN).map(({ at, actor, reason, evaluationId }, index) => (
          <li
            key={`${at} ${reason} ${evaluationId}`}
            className={evaluationId === evaluation.id ? "text-text" : undefined}
          >
            {count - index}. {actor}, <Time at={at} />: {lookWords(reason)}
            {evaluationId === evaluation.id && " (this evaluation)"}
          </li>
        ))}
      </ol>
      {count > SHOWN && <p className="text-muted">and {countWords(count - SHOWN, "earlier look")}</p>}
    </div>
  );
}

export const looksPanel: ReportPanel = { name: "looks", content: Looks };
