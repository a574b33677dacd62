import Link from "next/link";
import { StatusBadge } from "@/app/_ui/domain/status-badge.tsx";
import { ActButton } from "@/app/_ui/overlays/act-button.tsx";
import { queueHref, runHref } from "@/app/paths.ts";
import type { OpenRuling } from "@/lib/loops/queue-runs.ts";
import { countWords, numberWords } from "@/lib/words/numbers.ts";
import { handInAction, queueAskedAction } from "../actions.ts";

type OpenRulingsProps = { open: OpenRuling[]; slug: string; study: string; canQueue: boolean };

/** Rulings that wait for runs: what of them is queued, and what can be done next. */
export function OpenRulings({ open, slug, study, canQueue }: OpenRulingsProps) {
  return (
    <ul className="grid gap-4">
      {open.map((one) => (
        <li key={one.ruling} className="grid gap-2 text-sm">
          <div className="flex flex-wrap items-center gap-3">
            <span className="font-medium">Ruling {numberWords(one.ruling)}</span>
            <span className="text-muted">{wordsOf(one)}</span>
            {canQueue && one.lacking > 0 && (
              <ActButton action={queueAskedAction.bind(null, study, one.ruling)} done="Queued" look="primary">
                Queue these runs
              </ActButton>
            )}
            {canQueue && isReady(one) && (
              <ActButton action={handInAction.bind(null, study, handedOf(one))} done="Ruled" look="primary">
                Hand them in
              </ActButton>
            )}
          </div>
          {one.runs.length > 0 && (
            <ul className="flex flex-wrap gap-x-4 gap-y-1">
              {one.runs.map(({ run, of, seed, status, isOther }) => (
                <li key={run} className="flex items-center gap-2">
                  <Link href={runHref(slug, run)} prefetch={false} className="hover:text-accent">
                    {of}, seed {seed}
                  </Link>
                  <StatusBadge status={status} />
                  {isOther && (
                    <span className="text-warning">other code: of another recipe, so it counts for nothing here</span>
                  )}
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
      <li className="text-sm text-muted">
        Any worker that fits trains them:{" "}
        <Link href={queueHref(slug)} prefetch={false} className="underline">
          the queue
        </Link>
        . It has to have the candidate's code.
      </li>
    </ul>
  );
}

const countedIn = ({ runs }: OpenRuling) => runs.filter(({ isOther }) => !isOther);
const endedOf = (one: OpenRuling) =>
  countedIn(one).filter(({ status }) => status === "finished" || status === "failed").length;

const isReady = (one: OpenRuling): boolean => one.lacking === 0 && endedOf(one) === countedIn(one).length;

/** A run of the candidate is among them, whichever side the others are of. */
const handedOf = (one: OpenRuling): string[] => [one.run, ...countedIn(one).map(({ run }) => run)];

function wordsOf(one: OpenRuling): string {
  const waiting = countedIn(one).length - endedOf(one);
  const parts = [
    ...(one.lacking > 0 ? [`${countWords(one.lacking, "run")} to be queued`] : []),
    ...(waiting > 0 ? [`${countWords(waiting, "run")} in the queue`] : []),
    ...(endedOf(one) > 0 ? [`${countWords(endedOf(one), "run")} ended`] : []),
  ];
  return parts.length > 0 ? parts.join(", ") : "what it asked for is there";
}
