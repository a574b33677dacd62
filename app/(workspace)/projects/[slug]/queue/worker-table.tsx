import Link from "next/link";
import { WideTable } from "@/app/_ui/figures/wide-table.tsx";
import { ActButton } from "@/app/_ui/overlays/act-button.tsx";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { runHref } from "@/app/paths.ts";
import type { Trial, Worker } from "@/lib/wire/studies/trials.ts";
import { drainAction } from "./actions.ts";
import { Needs } from "./trial-table.tsx";

type WorkerTableProps = { slug: string; workers: Worker[]; trials: Trial[]; canAct: boolean };

export function WorkerTable({ slug, workers, trials, canAct }: WorkerTableProps) {
  const held = new Map(trials.map((trial) => [trial.id, trial]));
  return (
    <WideTable>
      <table className="table bleed">
        <thead>
          <tr>
            <th>Worker</th>
            <th>Has</th>
            <th>State</th>
            <th>Trains</th>
            <th>By</th>
            <th>Heard of</th>
            {canAct && (
              <th>
                <span className="sr-only">Acts</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {workers.map((worker) => (
            <tr key={worker.id}>
              <td className="max-w-70 truncate">{worker.name}</td>
              <td>
                <Needs labels={worker.labels} memoryGib={worker.memoryGib} />
              </td>
              <td>
                <WorkerState worker={worker} />
              </td>
              <td className="max-w-90 truncate">
                {worker.trials.map((id) => (
                  <TrialLink key={id} slug={slug} trial={held.get(id)} />
                ))}
              </td>
              <td>{worker.createdBy}</td>
              <td>
                <Time at={worker.seenAt} />
              </td>
              {canAct && (
                <td className="text-right">
                  {worker.isAlive && (
                    <ActButton
                      look="ghost"
                      action={drainAction.bind(null, worker.id, !worker.isDraining)}
                      done={
                        worker.isDraining ? `${worker.name} takes trials again.` : `${worker.name} ends what it has.`
                      }
                    >
                      {worker.isDraining ? "Take trials" : "Drain"}
                      <span className="sr-only"> {worker.name}</span>
                    </ActButton>
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </WideTable>
  );
}

function WorkerState({ worker: { isAlive, isDraining, trials } }: { worker: Worker }) {
  if (!isAlive) return <Badge tone={trials.length > 0 ? "warning" : "plain"}>silent</Badge>;
  if (isDraining) return <Badge tone="warning">draining</Badge>;
  return <Badge tone="accent">{trials.length > 0 ? "training" : "waits"}</Badge>;
}

function TrialLink({ slug, trial }: { slug: string; trial: Trial | undefined }) {
  if (!trial?.run) return null;
  return (
    <Link href={runHref(slug, trial.run.id)} prefetch={false} className="mr-3 underline hover:text-accent">
      {trial.run.name}
    </Link>
  );
}
