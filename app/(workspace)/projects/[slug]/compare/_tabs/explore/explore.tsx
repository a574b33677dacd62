"use client";
/** Many runs at once, in linked views: what is brushed in one is selected in all. */
import { memo, Suspense, useCallback, useDeferredValue, useMemo } from "react";
import { ColumnsDialog } from "./columns-dialog.tsx";
import { ExploreBar } from "./explore-bar.tsx";
import { BestRuns } from "./figures/best-runs.tsx";
import { ColorLegend } from "./figures/color-legend.tsx";
import { Contour } from "./figures/contour.tsx";
import { Correlations } from "./figures/correlations.tsx";
import { ExploreSection } from "./figures/explore-section.tsx";
import { Importance } from "./figures/importance.tsx";
import { Parallel } from "./parallel/parallel.tsx";
import { slicesPicture } from "./pictures/slices-picture.ts";
import { TakePicture } from "./pictures/take-picture.tsx";
import { Scatter } from "./plots/scatter.tsx";
import { Slices, sliceRadius } from "./plots/slices.tsx";
import { asNumbers, type Column, configOf, isConfig } from "./state/columns.ts";
import { CELL_MIN } from "./state/contour-cells.ts";
import type { Explorer } from "./state/explorer.ts";
import { type Measured, measureFactors, rankFactors } from "./state/factors.ts";
import { type ExploreInput, useExplorer } from "./use-explorer.ts";

type ExploreProps = ExploreInput & {
  /** Of the objective that the address names; null: there is none. */
  measured: Measured | null;
  /** Null: the runs are those of a link. */
  filter: string | null;
  /** How many more runs match. */
  beyond: number;
  /** Names of further columns that tell the runs apart. */
  offered: string[];
};

const SLICES_MAX = 12;
const CORRELATED_MAX = 12;

export function Explore({ filter, measured, beyond, offered, ...input }: ExploreProps) {
  const { explorer, brushes, selected, color, colorTowards, colors, isReading } = useExplorer(input);
  const { store, view, show, objective } = explorer;
  const axes = useMemo(() => axesOf(explorer), [explorer]);
  const config = useMemo(() => configOf(store), [store]);
  const { standings } = explorer;
  const factors = useMemo(() => {
    if (!objective) return [];
    const isKnown = measured?.objective === objective.name;
    return rankFactors(config, isKnown ? measured.found : measureFactors(config, objective, standings));
  }, [config, objective, standings, measured]);
  // what isn't under the hand may follow a frame later
  const lower = useDeferredValue(
    useMemo(() => ({ explorer, selected, factors, colors, axes }), [explorer, selected, factors, colors, axes]),
  );
  const columns = [...store.columns.values()];
  const numbers = columns.filter((column) => column.kind === "number");
  const results = numbers.filter((column) => !isConfig(column) && column !== objective);
  const chosen = (name: string | null): Column | undefined => (name === null ? undefined : store.columns.get(name));
  const x = chosen(view.x) ?? results[0] ?? config[0] ?? objective;
  const y = chosen(view.y) ?? objective ?? columns[0];
  // those among them that the server still reads
  const axisNames = view.axes ?? axes.map(({ name }) => name);
  const onAxes = useCallback((next: string[]) => show({ axes: next }), [show]);
  return (
    <div data-explore={store.n}>
      <ExploreBar
        explorer={explorer}
        selected={selected}
        brushes={brushes}
        filter={filter}
        beyond={beyond}
        isReading={isReading}
        onClear={() => show({ brushes: [] })}
      />
      <div className="border-b border-line">
        <ExploreSection
          title="Parallel coordinates"
          about="A line a run, the better the stronger; failed and diverged runs are dashed. Drag along an axis to select, everywhere; click it to take that back; by key, each end of an axis is a slider. Drag a name to move its axis."
          actions={<ColumnsDialog shown={axisNames} offered={offered} onChange={onAxes} />}
        >
          <Parallel
            explorer={explorer}
            axes={axes}
            colors={colors}
            brushes={brushes}
            selected={selected}
            onAxes={onAxes}
          />
          <ColorLegend column={color} towards={colorTowards} colors={colors} />
        </ExploreSection>
      </div>
      <div className="grid border-b border-line xl:grid-cols-2 xl:divide-x xl:divide-line">
        {x && y && (
          <ExploreSection
            title="Scatter"
            about="Drag a box to select. Crosses are failed or diverged runs, rings those that haven't finished: neither counts for the front."
          >
            <Scatter
              explorer={explorer}
              selected={selected}
              x={x}
              y={y}
              size={asNumbers(chosen(view.size))}
              color={color}
              colors={colors}
            />
          </ExploreSection>
        )}
        <ExploreSection title="Parameter importance" about={importanceWords}>
          <Ranked
            factors={factors}
            onPick={(name) => show({ x: name, y: objective?.name ?? null, xBetter: null, yBetter: null })}
          />
          <ExploreSectionNote hasObjective={objective !== null} count={factors.length} />
        </ExploreSection>
      </div>
      <LowerLater {...lower} />
    </div>
  );
}

const Ranked = memo(Importance, (before, after) => before.factors === after.factors);

const importanceWords =
  "First-order index S: the variance between five quantile bins of the hyperparameter (a category a bin, none a bin) as a share of the objective's, over finished runs. The dashed null line is what 95 of 100 shufflings of the objective (400 of them, seeded) stay below; of twenty parameters that do nothing, about one stands beyond its own. Exploratory, and fair only where the search didn't adapt.";

function ExploreSectionNote({ hasObjective, count }: { hasObjective: boolean; count: number }) {
  if (hasObjective && count > 0) return null;
  return (
    <p className="py-2 text-sm text-muted">
      {hasObjective ? "No config key tells these runs apart." : "These runs have no metric that could be an objective."}
    </p>
  );
}

/** In the order of the view; of its own the config keys, and the objective last. */
function axesOf({ store, view, objective }: Explorer): Column[] {
  if (view.axes) return view.axes.flatMap((name) => store.columns.get(name) ?? []);
  const config = configOf(store);
  return objective ? [...config, objective] : config;
}

type LowerProps = {
  explorer: Explorer;
  selected: Uint8Array | null;
  factors: ReturnType<typeof rankFactors>;
  colors: Parameters<typeof Slices>[0]["colors"];
  axes: Column[];
};

/** By itself, so that the parts above answer and are drawn before it comes to life. */
const LowerLater = memo(function LowerLater(props: LowerProps) {
  return (
    <Suspense>
      <Lower {...props} />
    </Suspense>
  );
});

/** What stands below the fold follows what is brushed when there is time. */
const Lower = memo(function Lower({ explorer, selected, factors, colors, axes }: LowerProps) {
  const { store, view, objective } = explorer;
  const ranked = factors.map(({ column }) => column);
  const [first, second] = ranked;
  const sliced = ranked.slice(0, SLICES_MAX);
  const across = store.columns.get(view.across ?? "") ?? first;
  const up = store.columns.get(view.down ?? "") ?? (across === second ? first : second);
  const numbers = [...new Set([...(objective ? [objective] : []), ...axes, ...store.columns.values()])]
    .flatMap((column) => asNumbers(column) ?? [])
    .slice(0, CORRELATED_MAX);
  return (
    <>
      {objective && ranked.length > 0 && (
        <div className="border-b border-line">
          <ExploreSection
            title={`Slices: ${objective.label} over each hyperparameter`}
            actions={
              <TakePicture
                title={`${objective.label} over each hyperparameter`}
                make={() =>
                  slicesPicture({
                    title: `${objective.label} over each hyperparameter`,
                    columns: sliced,
                    radius: sliceRadius(store.n),
                    explorer,
                    selected,
                    colors,
                  })
                }
              />
            }
            about="Those that explain most first. Axes are logarithmic where numbers span two decades; crosses at the lower edge are runs that failed or have no finite objective."
          >
            <Slices explorer={explorer} selected={selected} columns={sliced} colors={colors} />
          </ExploreSection>
        </div>
      )}
      <div className="grid border-b border-line xl:grid-cols-2 xl:divide-x xl:divide-line">
        {objective && across && up && (
          <ExploreSection
            title="Contour"
            about={`Means of ${objective.label} in cells of equal width, nothing interpolated; n is how many finished runs a cell holds, and of fewer than ${CELL_MIN} no mean is shown. Click a cell to select its runs.`}
          >
            <ContourOf explorer={explorer} across={across} up={up} choices={ranked} />
          </ExploreSection>
        )}
        <ExploreSection
          title="Correlations"
          about="Spearman's of each pair, over finished runs that have both; click a pair for its scatter plot. Exploratory: p is adjusted for the pairs shown, and for no other look."
        >
          <CorrelationsOf explorer={explorer} columns={numbers} />
        </ExploreSection>
      </div>
      <ExploreSection title={selected ? "Best of the selection" : "Best runs"}>
        <BestRuns explorer={explorer} selected={selected} columns={ranked} />
      </ExploreSection>
    </>
  );
});

const sameOf = <Props extends object>(before: Props, after: Props): boolean =>
  Object.keys(before).every((key) => {
    const [a, b] = [before[key as keyof Props], after[key as keyof Props]];
    return (
      a === b || (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, at) => one === b[at]))
    );
  });
const ContourOf = memo(Contour, sameOf);
const CorrelationsOf = memo(Correlations, sameOf);
