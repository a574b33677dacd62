import { ClipboardCheck } from "lucide-react";
import { EvaluationTable } from "@/app/_ui/domain/evaluation-table.tsx";
import { Snippet } from "@/app/_ui/parts/copy-button.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { listRunEvaluations } from "@/lib/evaluations/live/listed.ts";
import { listImportedEvaluations } from "@/lib/exports/imported.ts";
import { ImportedEvaluations } from "./imported-evaluations.tsx";
import type { TabProps } from "./tab.ts";

/** The reports on what the run's checkpoints answered. */
export async function EvaluationsTab({ run, member }: Pick<TabProps, "run" | "member">) {
  const [evaluations, imported] = await Promise.all([
    listRunEvaluations(member, run.id),
    listImportedEvaluations(member, run),
  ]);
  return (
    <>
      {evaluations.length === 0 ? (
        <NotEvaluated run={run} />
      ) : (
        <EvaluationTable slug={run.slug} evaluations={evaluations} withRun={false} />
      )}
      <ImportedEvaluations evaluations={imported} />
    </>
  );
}

function NotEvaluated({ run }: Pick<TabProps, "run">) {
  return (
    <Empty icon={ClipboardCheck} title="Not evaluated yet">
      <p>
        {run.manifest === null
          ? "The run cites no split manifest, so nothing says which samples it may be measured on. Log it again with one."
          : "Validation may be evaluated as often as you like. Opening the test split is a look, and is kept with its reason."}
      </p>
      {run.manifest !== null && (
        <Snippet text={`npx --no-install holdout evaluate ${run.id} --split validation`} label="Copy the command" />
      )}
    </Empty>
  );
}
