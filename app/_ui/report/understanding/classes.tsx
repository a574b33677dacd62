import { evaluationSamplesHref } from "@/app/paths.ts";
import { countWords } from "@/lib/words/numbers.ts";
import type { PanelProps, ReportPanel } from "../frame/panel.ts";
import { ClassTable } from "./class-table.tsx";

function Classes({ page: { evaluation, run, sealed, stored }, talk }: PanelProps) {
  const perClass = stored.report.panels.perClass;
  if (!perClass) return null;
  const rare = perClass.classes.filter((row) => row.rare).length;
  return (
    <div className="grid gap-2">
      {rare > 0 && (
        <p className="text-sm text-muted">
          {countWords(rare, "class has", "classes have")} fewer than {perClass.rareBelow} samples: counts stand there
          instead of shares.
        </p>
      )}
      <ClassTable
        rows={perClass.classes}
        talk={talk}
        samplesHref={sealed ? null : evaluationSamplesHref(run.slug, run.id, evaluation.id)}
      />
    </div>
  );
}

export const classesPanel: ReportPanel = { name: "classes", tasks: ["classification"], content: Classes };
