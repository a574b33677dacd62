"use client";
import type { Project } from "@/lib/wire/projects.ts";
import { Field, SelectField } from "../parts/field.tsx";

type PrimaryChoice = Pick<Project, "primaryMetric" | "primarySplit" | "primaryDirection">;
const unset: PrimaryChoice = { primaryMetric: null, primarySplit: "validation", primaryDirection: "max" };

/** The metric by which a project ranks its runs: name, split, and which way is better. */
export function PrimaryMetricFields({ primary = unset }: { primary?: PrimaryChoice }) {
  return (
    <>
      <Field
        label="Primary metric"
        name="primaryMetric"
        defaultValue={primary.primaryMetric ?? ""}
        placeholder="accuracy"
        maxLength={200}
        autoComplete="off"
        hint="As training logs it. Runs are ranked by it; it can be chosen later."
      />
      <div className="grid grid-cols-2 gap-4">
        <SelectField
          label="On split"
          name="primarySplit"
          defaultValue={primary.primarySplit}
          options={[
            ["validation", "validation"],
            ["train", "train"],
          ]}
        />
        <SelectField
          label="Better is"
          name="primaryDirection"
          defaultValue={primary.primaryDirection}
          options={[
            ["max", "higher ↑"],
            ["min", "lower ↓"],
          ]}
        />
      </div>
    </>
  );
}
