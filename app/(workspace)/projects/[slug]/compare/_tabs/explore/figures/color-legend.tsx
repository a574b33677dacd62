/** What the colours of the lines and dots are. */
import { cut } from "../state/axis-scale.ts";
import type { Column, Towards } from "../state/columns.ts";
import type { RunColors } from "../state/run-colors.ts";

type ColorLegendProps = { column: Column | null; towards: Towards | null; colors: RunColors };

const NAME_MAX = 24;

export function ColorLegend({ column, towards, colors: { palette, none } }: ColorLegendProps) {
  if (!column) return null;
  const ends = towards === null ? ["lowest", "highest"] : ["worst", "best"];
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted" data-testid="color-legend">
      <span className="wrap-anywhere">{column.label}:</span>
      {column.kind === "category" ? (
        column.names.slice(0, palette.length).map((name, code) => (
          <span key={name} className="inline-flex items-center gap-1.5">
            <Dot color={palette[code]!} />
            {cut(name, NAME_MAX)}
          </span>
        ))
      ) : (
        <span className="inline-flex items-center gap-1.5">
          {ends[0]}
          <svg aria-hidden width={8 * palette.length} height="10">
            {palette.map((color, step) => (
              <rect key={color} x={8 * step} width="8" height="10" fill={color} />
            ))}
          </svg>
          {ends[1]}, by rank
        </span>
      )}
      {column.kind === "category" && column.names.length > palette.length && (
        <span>and {column.names.length - palette.length} more, in the same colours again</span>
      )}
      <span className="inline-flex items-center gap-1.5">
        <Dot color={none} />
        none
      </span>
    </p>
  );
}

const Dot = ({ color }: { color: string }) => (
  <svg aria-hidden width="10" height="10">
    <circle cx="5" cy="5" r="4" fill={color} />
  </svg>
);
