"use client";
/** The buttons of a chart. */
import { Download, Image as ImageIcon, Maximize2, Pin, Shapes, Table2, ZoomOut } from "lucide-react";
import type { ReactNode } from "react";
import { toggled, useChartGroup } from "./view.tsx";

/** A chart's exports, each null while there is nothing to save. */
export type ChartExports = Record<"png" | "svg" | "csv", (() => void) | null>;

const exportKinds = [
  ["png", ImageIcon],
  ["svg", Shapes],
  ["csv", Download],
] as const;

type ChartToolbarProps = {
  metric: string;
  isZoomed: boolean;
  onFullScreen: () => void;
  exports: ChartExports;
};

export function ChartToolbar({ metric, isZoomed, onFullScreen, exports }: ChartToolbarProps) {
  const { view, onView, setZoom, cursor } = useChartGroup();
  const [isLog, isPinned] = [view.log.includes(metric), view.pinned.includes(metric)];
  return (
    <span className="ml-auto flex items-center text-muted">
      {isZoomed && (
        <ChartButton label="Show all steps" onClick={() => setZoom(null)}>
          <ZoomOut aria-hidden />
        </ChartButton>
      )}
      <ChartButton
        label="Logarithmic axis"
        pressed={isLog}
        onClick={() => onView({ ...view, log: toggled(view.log, metric) })}
      >
        log
      </ChartButton>
      <ChartButton
        label={`Values of ${metric} at the cursor`}
        pressed={cursor.isRead(metric)}
        onClick={() => cursor.toggleRead(metric)}
      >
        <Table2 aria-hidden />
      </ChartButton>
      <ChartButton
        label={`Pin ${metric}`}
        pressed={isPinned}
        onClick={() => onView({ ...view, pinned: toggled(view.pinned, metric) })}
      >
        <Pin aria-hidden className={isPinned ? "fill-current" : ""} />
      </ChartButton>
      <ChartButton label={`${metric} in full screen`} onClick={onFullScreen}>
        <Maximize2 aria-hidden />
      </ChartButton>
      {exportKinds.map(([kind, Icon]) => (
        <ChartButton
          key={kind}
          label={`Save ${metric} as ${kind.toUpperCase()}`}
          disabled={exports[kind] === null}
          onClick={() => exports[kind]?.()}
        >
          <Icon aria-hidden />
        </ChartButton>
      ))}
    </span>
  );
}

type ChartButtonProps = {
  label: string;
  onClick: () => void;
  children: ReactNode;
  pressed?: boolean;
  disabled?: boolean;
};

function ChartButton({ label, onClick, children, pressed, disabled }: ChartButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
      className="flex h-6 min-w-6 items-center justify-center rounded px-1 text-xs transition-colors hover:bg-hover
        hover:text-text disabled:opacity-40 aria-pressed:bg-accent-soft aria-pressed:text-accent [&_svg]:size-3.5"
    >
      {children}
    </button>
  );
}
