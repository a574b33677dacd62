"use client";
/** What colours, strokes and charts say of runs, and whether their means are drawn. */
import { useId } from "react";
import { Select } from "../../parts/field.tsx";
import type { Dimension, Grouping } from "./arrange.ts";

/** A chart for each split of a metric: no config key is called so in an address. */
export const BY_SPLIT = "split";

type Options = readonly (readonly [string, string])[];

type GroupingBarProps = {
  grouping: Grouping;
  onGrouping: (grouping: Grouping) => void;
  dimensions: Dimension[];
};

export function GroupingBar({ grouping, onGrouping, dimensions }: GroupingBarProps) {
  const named: Options = dimensions.map(({ name, words }) => [name, words]);
  const { colorBy, strokeBy, chartBy, mean } = grouping;
  const isGrouped = (colorBy ?? strokeBy ?? chartBy) !== null;
  return (
    <fieldset
      className="grid min-w-0 grid-cols-2 items-center gap-x-3 gap-y-2 max-sm:w-full sm:flex sm:flex-wrap"
      aria-label="Grouping of curves"
    >
      <GroupSelect
        label="Colour"
        value={colorBy}
        options={[["", "run"], ...named]}
        onValue={(name) => onGrouping({ ...grouping, colorBy: name })}
      />
      <GroupSelect
        label="Stroke"
        value={strokeBy}
        options={[["", "split"], ...named]}
        onValue={(name) => onGrouping({ ...grouping, strokeBy: name })}
      />
      <GroupSelect
        label="Chart"
        value={chartBy}
        options={[["", "metric"], [BY_SPLIT, "metric and split"], ...named]}
        onValue={(name) => onGrouping({ ...grouping, chartBy: name })}
      />
      <GroupSelect
        label="Draw"
        value={mean === "none" ? null : mean}
        options={[
          ["", "each run"],
          ["replicates", "mean of replicates"],
          ["groups", isGrouped ? "mean of each group" : "mean of all runs"],
        ]}
        onValue={(name) => onGrouping({ ...grouping, mean: (name as Grouping["mean"] | null) ?? "none" })}
      />
    </fieldset>
  );
}

type GroupSelectProps = {
  label: string;
  value: string | null;
  options: Options;
  /** Null: the first, which is there without being asked for. */
  onValue: (value: string | null) => void;
};

function GroupSelect({ label, value, options, onValue }: GroupSelectProps) {
  const id = useId();
  // an address may name a key by which these runs don't differ
  const isKnown = value === null || options.some(([name]) => name === value);
  return (
    <div className="flex min-w-0 items-center gap-2 text-sm">
      <label htmlFor={id} className="text-muted max-sm:w-11">
        {label}
      </label>
      <span className="min-w-0 max-sm:flex-1 sm:w-36">
        <Select
          id={id}
          value={value ?? ""}
          options={isKnown ? options : [...options, [value, `${value}: alike in all`]]}
          onChange={(event) => onValue(event.target.value || null)}
        />
      </span>
    </div>
  );
}
