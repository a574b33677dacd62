import Link from "next/link";
import { WideTable } from "@/app/_ui/figures/wide-table.tsx";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { runHref, studyHref } from "@/app/paths.ts";
import type { Trial } from "@/lib/wire/studies/trials.ts";
import { numberWords } from "@/lib/words/numbers.ts";
import { trialStandingWords } from "@/lib/words/trial-words.ts";
import { Priority } from "./priority.tsx";
import { TrialActs } from "./trial-acts.tsx";
import { TrialBadge } from "./trial-badge.tsx";

type TrialTableProps = { slug: string; trials: Trial[]; canAct: boolean };

export function TrialTable({ slug, trials, canAct }: TrialTableProps) {
  return (
    <WideTable>
      <table className="table bleed">
        <thead>
          <tr>
            <th>Run</th>
            <th>Study</th>
            <th>State</th>
            <th className="number">Priority</th>
            <th>Needs</th>
            <th>Worker</th>
            <th>By</th>
            <th>Since</th>
            {canAct && (
              <th>
                <span className="sr-only">Acts</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {trials.map((trial) => (
            <TrialRow key={trial.id} slug={slug} trial={trial} canAct={canAct} />
          ))}
        </tbody>
      </table>
    </WideTable>
  );
}

function TrialRow({ slug, trial, canAct }: { slug: string; trial: Trial; canAct: boolean }) {
  const { run, study, worker } = trial;
  const name = run?.name ?? "a purged run";
  const standing = trialStandingWords(trial);
  return (
    <tr>
      <td className="max-w-70 truncate">
        {run && !run.isDeleted ? (
          <Link href={runHref(slug, run.id)} prefetch={false} className="underline hover:text-accent">
            {name}
          </Link>
        ) : (
          <span className="text-muted">{run ? `${name}, deleted` : name}</span>
        )}
      </td>
      <td>
        {study && (
          <Link
            href={studyHref(slug, study.number)}
            prefetch={false}
            title={study.title}
            className="underline hover:text-accent"
          >
            {study.number}
          </Link>
        )}
      </td>
      <td>
        <span className="inline-flex items-center gap-2">
          <TrialBadge status={trial.status} />
          {standing && <span className="max-w-70 truncate text-xs text-muted">{standing}</span>}
        </span>
      </td>
      <td className="number">
        {canAct && trial.status === "queued" ? (
          <Priority trial={trial.id} name={name} priority={trial.priority} />
        ) : (
          numberWords(trial.priority)
        )}
      </td>
      <td>
        <Needs labels={trial.labels} memoryGib={trial.memoryGib} />
      </td>
      <td>{trial.claimedAt !== null && trial.status !== "queued" && (worker?.name ?? "a program of its own")}</td>
      <td>{trial.createdBy}</td>
      <td>
        <Time at={trial.endedAt ?? (trial.status === "running" ? trial.claimedAt : null) ?? trial.createdAt} />
      </td>
      {canAct && (
        <td>
          <TrialActs trial={trial} name={name} />
        </td>
      )}
    </tr>
  );
}

/** What a trial demands of its worker, or what a worker has. */
export function Needs({ labels, memoryGib }: { labels: string[]; memoryGib: number | null }) {
  return (
    <span className="inline-flex gap-1">
      {labels.map((label) => (
        <Badge key={label}>{label}</Badge>
      ))}
      {memoryGib !== null && <Badge>{numberWords(memoryGib)} GiB</Badge>}
    </span>
  );
}
