/** The frame of a figure: its title, what it shows in words, the way to take it away. */
import type { ReactNode } from "react";
import { FigureExports } from "./figure-exports.tsx";

export type FigureTable = { columns: string[]; rows: (string | number)[][] };

type FigureProps = {
  /** Tells it from all others of the page. */
  id: string;
  title: string;
  /** What it shows, for who can't see it. */
  summary: string;
  /** The same numbers as a table, or the JSON of a long one that the server draws: as one text it is there sooner. */
  table: FigureTable | string;
  /** What its lines and colours mean. */
  legend?: ReactNode;
  children: ReactNode;
};

export function Figure({ id, title, summary, table, legend, children }: FigureProps) {
  return (
    <figure id={id} className="figure grid min-w-0 content-start gap-1">
      <div className="flex min-h-8 items-center gap-2">
        <figcaption className="min-w-0 text-xs font-medium">{title}</figcaption>
        <span className="ml-auto print:hidden">
          <FigureExports figure={id} title={title} table={table} />
        </span>
      </div>
      {children}
      {legend && <div className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">{legend}</div>}
      <p className="sr-only">{summary}</p>
    </figure>
  );
}

type LegendEntryProps = { color: string; dashed?: boolean; shape?: "line" | "dot" | "area"; children: ReactNode };

/** What one line, dot or area of a figure is. */
export function LegendEntry({ color, dashed = false, shape = "line", children }: LegendEntryProps) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <svg aria-hidden width="18" height="10">
        {shape === "line" && (
          <line
            x1="0"
            x2="18"
            y1="5"
            y2="5"
            stroke={color}
            strokeWidth="2"
            strokeDasharray={dashed ? "4 3" : undefined}
          />
        )}
        {shape === "dot" && <circle cx="9" cy="5" r="3.5" fill={color} />}
        {shape === "area" && <rect width="18" height="10" fill={color} fillOpacity="0.2" />}
      </svg>
      {children}
    </span>
  );
}
