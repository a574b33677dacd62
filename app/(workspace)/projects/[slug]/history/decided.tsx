import Link from "next/link";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { Written } from "@/app/_ui/parts/written.tsx";
import { championHref, reviewHref, runHref } from "@/app/paths.ts";
import type { HistoryDecision } from "@/lib/wire/reviews/history.ts";
import { Approval } from "./approval.tsx";

/** A claim on the champion, or an approved review of runs. */
export function Decided({ slug, decision }: { slug: string; decision: HistoryDecision }) {
  const { kind, number, title, reason, by, run, approval, at } = decision;
  const isClaim = kind === "claim";
  return (
    <li className="grid gap-2 border-l-2 border-line pl-4 text-sm print:break-inside-avoid">
      <h3 className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
        <Badge>{isClaim ? `claim ${number}` : `review ${number}`}</Badge>
        <Link
          href={isClaim ? championHref(slug) : reviewHref(slug, number)}
          prefetch={false}
          className="font-medium wrap-anywhere hover:text-accent"
        >
          {title || "a run that was deleted"}
        </Link>
        <span className="text-muted">
          {by}, <Time at={at} />
        </span>
      </h3>
      {run && !isClaim && (
        <p>
          Chosen:{" "}
          <Link href={runHref(slug, run.id)} prefetch={false} className="underline wrap-anywhere">
            {run.name}
          </Link>
        </p>
      )}
      {reason.trim() !== "" && (
        <div className="prose max-w-160 text-sm wrap-anywhere">
          <Written text={reason} />
        </div>
      )}
      {approval && <Approval slug={slug} approval={approval} />}
    </li>
  );
}
