import { CircleCheck, CircleQuestionMark, TriangleAlert } from "lucide-react";
import { soundnessRows } from "@/lib/words/report/soundness-words.ts";
import type { PanelProps, ReportPanel } from "../frame/panel.ts";

const looks = {
  good: { Icon: CircleCheck, colour: "text-finished", words: "sound" },
  bad: { Icon: TriangleAlert, colour: "text-warning", words: "look at it" },
  unknown: { Icon: CircleQuestionMark, colour: "text-muted", words: "not said" },
};

/** What was tried before the numbers were sent, and what the predictions themselves say. */
function Soundness({ page: { soundness, stored, manifest } }: PanelProps) {
  const rows = soundnessRows({
    said: soundness,
    found: stored.report.panels.soundness ?? null,
    classes: stored.report.panels.confusion?.classes ?? [],
    trainDigest: manifest.splitDigests.train,
  });
  return (
    <ul className="grid text-sm">
      {rows.map(({ name, standing, detail }) => {
        const { Icon, colour, words } = looks[standing];
        return (
          <li
            key={name}
            className="grid grid-cols-[96px_minmax(0,1fr)] gap-x-3 py-0.5 sm:grid-cols-[110px_200px_minmax(0,1fr)]"
          >
            <span className={`inline-flex items-center gap-1.5 whitespace-nowrap ${colour}`}>
              <Icon aria-hidden className="size-3.5 shrink-0" />
              {words}
            </span>
            <span>{name}</span>
            <span className="text-muted max-sm:col-start-2">{detail}</span>
          </li>
        );
      })}
    </ul>
  );
}

export const soundnessPanel: ReportPanel = { name: "soundness", content: Soundness };
