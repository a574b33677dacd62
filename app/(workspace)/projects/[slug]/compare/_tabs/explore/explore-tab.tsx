/** Many runs of a comparison's filter, or of its link, in linked views. */
import { compareHref } from "@/app/paths.ts";
import { objectiveColumn, readRunColumns } from "@/lib/compare/columns/column-store.ts";
import { listColumns } from "@/lib/table/known-columns.ts";
import type { CompareTabProps } from "../tab.ts";
import { Explore } from "../tab-parts.tsx";
import { asNumbers, configOf, type Store, standingsOf, storeOf } from "./state/columns.ts";
import { columnsIn, readExploreView } from "./state/explore-address.ts";
import { type Measured, measureFactors } from "./state/factors.ts";

export async function ExploreTab({ member, project, state, params }: CompareTabProps) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) for (const one of [value ?? []].flat()) query.append(name, one);
  const view = readExploreView(query);
  const { runs, q, sort, archived } = state;
  const choice = { runs, filter: q, archived, ...(sort !== "" && { sort }) };
  const [columns, { metrics }] = await Promise.all([
    readRunColumns(member, project, choice, { asked: null, also: columnsIn(view) }),
    listColumns(member, project.id),
  ]);
  const objective = objectiveColumn(project, metrics);
  // as arrays of numbers: text would be twice as long, and be read number by number before the page comes to life
  const store = storeOf(columns);
  return (
    <>
      {runs !== null && runs.length < 10 && (
        <p className="border-b border-line px-4 py-2 text-sm text-muted md:px-6">
          A link names these runs. What many have in common is told by more of them:{" "}
          <a className="underline" href={compareHref(project.slug, "q=&tab=explore")}>
            explore all runs of the project
          </a>
          .
        </p>
      )}
      <Explore
        slug={project.slug}
        store={store}
        beyond={columns.beyond}
        offered={columns.offered}
        objective={objective}
        measured={measured(store, view.objective ?? objective)}
        initial={view}
        filter={runs === null ? q : null}
      />
    </>
  );
}

/** Once, here: shuffled hundreds of times, a browser would take longer for it than for all else of the page. */
function measured(store: Store, name: string | null): Measured | null {
  const objective = asNumbers(store.columns.get(name ?? ""));
  if (!objective) return null;
  return {
    objective: objective.name,
    found: measureFactors(configOf(store), objective, standingsOf(store, objective)),
  };
}
