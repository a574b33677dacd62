import { ShieldAlert } from "lucide-react";
import type { SeriesList } from "@/lib/wire.ts";

/** Test numbers that a trainer logged: their names and how many, never their values. */
export function Quarantine({ quarantined }: { quarantined: SeriesList["quarantined"] }) {
  return (
    <section aria-label="Quarantined test series" className="flex gap-3 border-t border-line px-4 py-4 text-sm md:px-6">
      <ShieldAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warning" />
      <div className="grid gap-2">
        <h2 className="font-semibold">Quarantined test series</h2>
        <p className="max-w-[72ch] text-muted">
          A number from the test split that is looked at while tuning is no longer a test: these series are kept, shown
          in no chart, table or sort, and each counts as a look at the test split.
        </p>
        <ul className="grid gap-1">
          {quarantined.map(({ split, metric, count }) => (
            <li key={`${split} ${metric}`}>
              <span className="font-mono text-xs">{`${split ?? "-"}/${metric}`}</span>{" "}
              <span className="text-muted">{`${count.toLocaleString("en")} ${count === 1 ? "point" : "points"}`}</span>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
