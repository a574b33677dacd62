import { ChevronsDown, ChevronsUp } from "lucide-react";
import type { Project } from "@/lib/wire/projects.ts";

/** Says which way is better, in another shape than the arrow of an order. */
export function DirectionArrow({ direction }: { direction: "min" | "max" }) {
  const words = direction === "max" ? "higher is better" : "lower is better";
  const Icon = direction === "max" ? ChevronsUp : ChevronsDown;
  return (
    <span title={words} className="inline-flex">
      <Icon aria-hidden className="size-3.5" />
      <span className="sr-only">{words}</span>
    </span>
  );
}

type PrimaryMetricProps = { project: Pick<Project, "primaryMetric" | "primarySplit" | "primaryDirection"> };

/** `validation accuracy ↑` */
export function PrimaryMetric({ project }: PrimaryMetricProps) {
  if (!project.primaryMetric) return <span>none chosen</span>;
  return (
    <span className="inline-flex items-center gap-1">
      {project.primarySplit} <span className="text-text">{project.primaryMetric}</span>
      <DirectionArrow direction={project.primaryDirection} />
    </span>
  );
}
