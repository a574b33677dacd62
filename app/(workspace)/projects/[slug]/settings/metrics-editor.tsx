"use client";
/** The project's metrics with direction and unit; each row is saved by itself as it changes. */
import { Plus } from "lucide-react";
import { useState, useTransition } from "react";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { inputClass, Select } from "@/app/_ui/parts/field.tsx";
import type { Direction } from "@/lib/wire/base/words.ts";
import type { MetricDeclaration } from "@/lib/wire/projects.ts";
import { declareMetricAction } from "./actions.ts";

const directionOptions = [
  ["max", "higher ↑"],
  ["min", "lower ↓"],
  ["none", "neither"],
] as const;

type MetricsEditorProps = { projectId: string; metrics: MetricDeclaration[] };

export function MetricsEditor({ projectId, metrics }: MetricsEditorProps) {
  const toast = useToast();
  const [pending, startTransition] = useTransition();
  const save = (metric: MetricDeclaration, onSaved?: () => void) =>
    startTransition(async () => {
      const outcome = await declareMetricAction(projectId, metric);
      if (!outcome.ok) return toast({ title: outcome.error, tone: "danger" });
      toast({ title: `${metric.name} is declared.` });
      onSaved?.();
    });
  return (
    <div className="relative overflow-x-auto">
      <table className="table flush">
        <thead>
          <tr>
            <th>Metric</th>
            <th>Better is</th>
            <th>Unit</th>
            <th>
              <span className="sr-only">Save</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {metrics.map((metric) => (
            <MetricRow
              key={`${metric.name} ${metric.direction} ${metric.unit}`}
              metric={metric}
              save={save}
              disabled={pending}
            />
          ))}
          <NewMetricRow key={metrics.length} save={save} disabled={pending} />
        </tbody>
      </table>
    </div>
  );
}

type MetricRowProps = { metric: MetricDeclaration; save: (metric: MetricDeclaration) => void; disabled: boolean };

function MetricRow({ metric, save, disabled }: MetricRowProps) {
  const [direction, setDirection] = useState(metric.direction);
  const [unit, setUnit] = useState(metric.unit);
  const changed = direction !== metric.direction || unit !== metric.unit;
  return (
    <tr>
      <td className="max-w-48 truncate font-mono text-xs" title={metric.name}>
        {metric.name}
      </td>
      <MetricFields
        name={metric.name}
        direction={direction}
        unit={unit}
        disabled={disabled}
        onDirection={setDirection}
        onUnit={setUnit}
      />
      <td>
        <Button disabled={disabled || !changed} onClick={() => save({ name: metric.name, direction, unit })}>
          Save
        </Button>
      </td>
    </tr>
  );
}

function NewMetricRow({ save, disabled }: Omit<MetricRowProps, "metric">) {
  const [name, setName] = useState("");
  const [direction, setDirection] = useState<Direction>("max");
  const [unit, setUnit] = useState("");
  const trimmed = name.trim();
  return (
    <tr>
      <td>
        <input
          value={name}
          onChange={(event) => setName(event.target.value)}
          aria-label="New metric"
          placeholder="loss"
          maxLength={200}
          className={`${inputClass} min-w-28 font-mono text-xs`}
        />
      </td>
      <MetricFields
        name="the new metric"
        direction={direction}
        unit={unit}
        disabled={disabled}
        onDirection={setDirection}
        onUnit={setUnit}
      />
      <td>
        <Button disabled={disabled || trimmed === ""} onClick={() => save({ name: trimmed, direction, unit })}>
          <Plus aria-hidden />
          Declare
        </Button>
      </td>
    </tr>
  );
}

type MetricFieldsProps = {
  name: string;
  direction: Direction;
  unit: string;
  disabled: boolean;
  onDirection: (direction: Direction) => void;
  onUnit: (unit: string) => void;
};

function MetricFields({ name, direction, unit, disabled, onDirection, onUnit }: MetricFieldsProps) {
  return (
    <>
      <td>
        <Select
          aria-label={`Better value of ${name}`}
          value={direction}
          disabled={disabled}
          onChange={(event) => onDirection(event.target.value as Direction)}
          options={directionOptions}
          className="min-w-24"
        />
      </td>
      <td>
        <input
          aria-label={`Unit of ${name}`}
          value={unit}
          disabled={disabled}
          maxLength={40}
          onChange={(event) => onUnit(event.target.value)}
          className={`${inputClass} min-w-14`}
        />
      </td>
    </>
  );
}
