import Link from "next/link";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { evaluationHref, runHref } from "@/app/paths.ts";
import type { Ledger, LedgerLook } from "@/lib/wire/evaluations/looks.ts";
import { lookWords, purposeWords } from "@/lib/words/look-words.ts";
import { countWords, numberWords } from "@/lib/words/numbers.ts";

/** Each look: why and of what, who and when, and whether it may have steered what came later. */
export function LooksTable({ ledger: { looks, count } }: { ledger: Pick<Ledger, "looks" | "count"> }) {
  return (
    <>
      <table className="w-full text-sm">
        <thead>
          <tr className="border-b border-line text-left align-bottom text-xs text-muted *:py-2 *:font-medium">
            <th className="w-10 text-right">Look</th>
            <th className="px-3">Why, and of what</th>
            <th className="px-3">Who</th>
            <th className="pl-3">Training afterwards</th>
          </tr>
        </thead>
        <tbody>
          {looks.map((look) => (
            <LookRow key={look.number} look={look} />
          ))}
        </tbody>
      </table>
      {count > looks.length && (
        <p className="pt-2 text-sm text-muted">and {numberWords(count - looks.length)} earlier</p>
      )}
    </>
  );
}

function LookRow({ look }: { look: LedgerLook }) {
  return (
    <tr className="border-b border-line align-top *:py-2 last:border-b-0">
      <td className="text-right tabular-nums">{numberWords(look.number)}</td>
      <td className="px-3 wrap-anywhere">
        <p>{lookWords(look.reason)}</p>
        <p className="flex flex-wrap items-center gap-x-3 text-xs text-muted">
          <LookedAt look={look} />
          <LookedRun run={look.run} />
          {look.checkpoint && <span>step {numberWords(look.checkpoint.step)}</span>}
          {look.confirmed && <span>past the budget, confirmed</span>}
          {look.imported && <span>came with an import</span>}
        </p>
      </td>
      <td className="px-3 wrap-break-word">
        <p>{look.actor}</p>
        <p className="text-xs text-muted">
          <Time at={look.at} />
        </p>
      </td>
      <td className="pl-3">
        {look.adaptive ? <Badge tone="warning">adaptive</Badge> : <span className="text-muted">none</span>}
      </td>
    </tr>
  );
}

/** What it was for, with its report. */
function LookedAt({ look: { kind, purpose, evaluation, run } }: { look: LedgerLook }) {
  if (kind === "pick") return <span>whether a test number chose the run</span>;
  if (purpose === null) return <span>no evaluation</span>;
  if (evaluation === null || run.project === null) return <span>{purposeWords(purpose)}</span>;
  return (
    <Link
      href={evaluationHref(run.project, run.id, evaluation)}
      prefetch={false}
      className="text-accent hover:underline"
    >
      {purposeWords(purpose)}
    </Link>
  );
}

function LookedRun({ run }: Pick<LedgerLook, "run">) {
  if (run.name === null || run.project === null) return <span title={run.id}>a run that is gone</span>;
  return (
    <Link href={runHref(run.project, run.id)} prefetch={false} className="text-text hover:text-accent">
      {run.name}
    </Link>
  );
}

/** Looks at other test splits that count here by the share of samples that are the same. */
export function InheritedLooks({ ledger: { inheritedFrom } }: { ledger: Pick<Ledger, "inheritedFrom"> }) {
  if (inheritedFrom.length === 0) return null;
  return (
    <ul className="grid gap-1 text-sm text-muted">
      {inheritedFrom.map(({ testDigest, looks, share }) => (
        <li key={testDigest}>
          {countWords(looks, "look")} at test split <span className="font-mono text-xs">{testDigest.slice(0, 12)}</span>
          , which holds {numberWords(Math.round(share * 1000) / 10)} % of these samples
        </li>
      ))}
    </ul>
  );
}
