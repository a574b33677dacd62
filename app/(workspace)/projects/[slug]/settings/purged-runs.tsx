import { Time } from "@/app/_ui/parts/time.tsx";
import { flattenConfig } from "@/lib/runs/flatten.ts";
import type { PurgedRun } from "@/lib/runs/tombstones.ts";

/** The tombstones of runs: what each was, who purged it, and when. */
export function PurgedRuns({ runs }: { runs: PurgedRun[] }) {
  return (
    <ul className="border-t border-line">
      {runs.map(({ id, name, config, purgedBy, purgedAt }) => (
        <li key={id} className="border-b border-line py-2 text-sm">
          <details>
            <summary className="wrap-anywhere">
              <span className="font-medium">{name}</span>{" "}
              <span className="text-muted">
                purged <Time at={purgedAt} /> by {purgedBy}
              </span>
            </summary>
            <dl className="mt-1.5 grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)] gap-x-4 gap-y-1 font-mono text-xs wrap-anywhere">
              <dt className="text-muted">id</dt>
              <dd>{id}</dd>
              {Object.entries(flattenConfig(config)).map(([key, value]) => (
                <PurgedValue key={key} name={key} value={String(value)} />
              ))}
            </dl>
          </details>
        </li>
      ))}
    </ul>
  );
}

const PurgedValue = ({ name, value }: { name: string; value: string }) => (
  <>
    <dt className="text-muted">{name}</dt>
    <dd>{value}</dd>
  </>
);
