"use client";
/** Which curve is whose, and what colours and strokes say: to point at a name shows its curves apart in all charts. */
import type { Split } from "@/lib/wire/base/words.ts";
import { countWords, numberWords } from "@/lib/words/numbers.ts";
import { usePointed } from "../../parts/pointed.ts";
import { LineMark } from "../plot/line-mark.tsx";
import { type CurveLook, lineLook } from "../plot/traces.ts";
import type { GroupLegend } from "./arrange.ts";
import { StrokeNote } from "./stroke-note.tsx";

type Owner = {
  key: string;
  name: string;
  look: CurveLook;
  /** How many runs a group has. */
  count?: number;
};

type CurveLegendsProps = {
  /** Runs, or groups of runs, that have curves. */
  owners: Owner[];
  baseline: string | null;
  legends: GroupLegend[];
  splits: (Split | null)[];
};

export function CurveLegends({ owners, baseline, legends, splits }: CurveLegendsProps) {
  const isStroked = owners.some(({ look }) => look.stroke !== undefined);
  return (
    <>
      {isStroked ? (
        <span className="ml-3">train is thin and faint where validation stands beside it</span>
      ) : (
        <StrokeNote splits={splits} rounds={Math.max(0, ...owners.map(({ look }) => look.round))} />
      )}
      {legends.map((legend) => (
        <GroupedLegend key={legend.title} legend={legend} />
      ))}
      <OwnersLegend owners={owners} baseline={baseline} />
    </>
  );
}

/** The values of a grouping with their marks, and how many runs have each. */
const GroupedLegend = ({ legend: { title, entries } }: { legend: GroupLegend }) => (
  <dl aria-label={title} className="flex max-h-16 flex-wrap items-center gap-x-3 gap-y-0.5 overflow-y-auto pt-1">
    <dt className="font-medium text-text">{title}</dt>
    {entries.map(({ words, color, dash, count }) => (
      <dd key={words} className="flex max-w-60 items-center gap-1.5" title={words}>
        <LineMark color={color ?? "currentColor"} dash={dash} />
        <span className="truncate text-text">{words}</span>
        <span title={`${numberWords(count)} of the runs`}>{numberWords(count)}</span>
      </dd>
    ))}
  </dl>
);

function OwnersLegend({ owners, baseline }: Pick<CurveLegendsProps, "owners" | "baseline">) {
  const { point } = usePointed();
  return (
    <ul aria-label="Curves" className="flex max-h-15 flex-wrap gap-x-3 overflow-y-auto pt-1">
      {owners.map(({ key, name, look, count }) => (
        <li key={key} className="flex max-w-72 items-center">
          <span
            className="flex min-w-0 items-center gap-1.5"
            title={name}
            onPointerEnter={() => point(key)}
            onPointerLeave={() => point(null)}
          >
            <LineMark color={look.color} dash={lineLook(look, "train", { isOneSplit: true, isDense: false }).dash} />
            <span className="truncate text-text">{name}</span>
          </span>
          {count !== undefined && <span className="pl-1 whitespace-nowrap">{countWords(count, "run")}</span>}
          {key === baseline && <span className="pl-1.5 font-medium whitespace-nowrap">baseline</span>}
        </li>
      ))}
    </ul>
  );
}
