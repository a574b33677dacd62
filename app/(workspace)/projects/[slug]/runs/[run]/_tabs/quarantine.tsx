import { ShieldAlert } from "lucide-react";
import { Time } from "@/app/_ui/parts/time.tsx";
import type { MemberActor } from "@/lib/access/actor.ts";
import { type Look, listLooks } from "@/lib/looks/looks.ts";
import type { RunDetail } from "@/lib/runs/runs.ts";
import type { SeriesList } from "@/lib/wire/points/series.ts";
import { seriesWords } from "@/lib/wire/points/series-name.ts";
import { lookWords } from "@/lib/words/look-words.ts";
import { countWords } from "@/lib/words/numbers.ts";

type QuarantinedSeries = SeriesList["quarantined"];

type QuarantineNoticeProps = { run: RunDetail; member: MemberActor; quarantined: QuarantinedSeries };

/** Series that are kept and shown nowhere: their names and how many points, never their values; and the run's looks. */
export async function QuarantineNotice({ run, member, quarantined }: QuarantineNoticeProps) {
  const looks = await listLooks(member, run.projectId, run.id);
  const tests = quarantined.filter(({ reason }) => reason === "test");
  const others = quarantined.filter(({ reason }) => reason === "split-not-in-manifest");
  return (
    <section
      id="quarantine"
      aria-label="Quarantined series"
      className="scroll-mt-12 flex gap-3 border-t border-line px-4 py-4 text-sm md:px-6"
    >
      <ShieldAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warning" />
      <div className="grid gap-4">
        {tests.length > 0 && (
          <QuarantineGroup title="Quarantined test series" series={tests}>
            A number from the test split that is looked at while tuning is no longer a test: these series are kept,
            shown in no chart, table or sort, and each counts as a look at the test split.
          </QuarantineGroup>
        )}
        {others.length > 0 && (
          <QuarantineGroup title="Quarantined: their split isn't in the manifest" series={others}>
            The run's split manifest has no samples of this split, so nothing says what these numbers were measured on:
            they are kept, and shown in no chart, table or sort.
          </QuarantineGroup>
        )}
        {looks.length > 0 && <Looks looks={looks} />}
      </div>
    </section>
  );
}

function QuarantineGroup({
  title,
  series,
  children,
}: {
  title: string;
  series: QuarantinedSeries;
  children: React.ReactNode;
}) {
  return (
    <div className="grid gap-2">
      <h2 className="font-semibold">{title}</h2>
      <p className="max-w-[72ch] text-muted">{children}</p>
      <ul className="grid gap-1">
        {series.map(({ split, metric, count }) => (
          <li key={`${split} ${metric}`}>
            <span className="font-mono text-xs">{seriesWords({ split, metric })}</span>{" "}
            <span className="text-muted">{countWords(count, "point")}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Looks({ looks }: { looks: Look[] }) {
  return (
    <div className="grid gap-2">
      <h2 className="font-semibold">Looks at the test split</h2>
      <ul className="grid gap-1">
        {looks.map(({ at, actor, reason }) => (
          <li key={`${at} ${reason}`} className="wrap-anywhere">
            {lookWords(reason)}{" "}
            <span className="text-muted">
              by {actor}, <Time at={at} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
