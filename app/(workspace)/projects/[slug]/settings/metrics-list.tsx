import { DirectionArrow } from "@/app/_ui/domain/primary-metric.tsx";
import type { MetricDeclaration } from "@/lib/wire/projects.ts";

/** For members who may read metrics and not declare them. */
export function MetricsList({ metrics }: { metrics: MetricDeclaration[] }) {
  if (metrics.length === 0) return <p className="text-sm text-muted">No metric is declared yet.</p>;
  return (
    <ul className="text-sm">
      {metrics.map(({ name, direction, unit }) => (
        <li key={name} className="flex h-8 items-center gap-2 border-b border-line">
          <span className="truncate font-mono text-xs">{name}</span>
          {direction !== "none" && <DirectionArrow direction={direction} />}
          <span className="text-muted">{unit}</span>
        </li>
      ))}
    </ul>
  );
}
