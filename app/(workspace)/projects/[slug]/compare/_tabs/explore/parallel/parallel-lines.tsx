"use client";
/** The lines of parallel coordinates: what is pointed at is named, and a click opens it. */
import { type PointerEvent, useMemo } from "react";
import { useThemeColors } from "@/app/_ui/charts/plot/dom.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { PictureExports } from "../plots/picture-exports.tsx";
import { RunTip } from "../plots/run-tip.tsx";
import { useRunTip } from "../plots/use-run-tip.ts";
import type { Column } from "../state/columns.ts";
import type { Explorer } from "../state/explorer.ts";
import type { RunColors } from "../state/run-colors.ts";
import { nearestLine, PARALLEL_HEIGHT, type ParallelBox } from "./draw-parallel.ts";
import { NAMES_HEIGHT, useParallelDrawing } from "./use-parallel-drawing.ts";

export type ParallelLinesProps = {
  explorer: Explorer;
  axes: Column[];
  colors: RunColors;
  /** Null: nothing is brushed. */
  selected: Uint8Array | null;
  box: ParallelBox;
};

export function ParallelLines(props: ParallelLinesProps) {
  const { explorer, axes, colors, selected, box } = props;
  const { store, openRun } = explorer;
  const theme = useThemeColors();
  const { tip, point, leave } = useRunTip(explorer);
  const order = useMemo(() => drawOrder(store.n, colors), [store.n, colors]);
  const shown = useMemo(() => (selected ? order.filter((run) => selected[run] === 1) : order), [order, selected]);
  const { canvases, ys, drawWhole } = useParallelDrawing(props, { order, shown, theme });
  const picture = { width: box.width, height: PARALLEL_HEIGHT };
  const follow = (event: PointerEvent<HTMLElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const at = { x: event.clientX - left, y: event.clientY - top };
    point(event.buttons === 0 ? nearestLine(shown, { ys, xs: box.xs }, at) : null, event);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the list of runs below opens them by keyboard
    <div
      className="absolute inset-0"
      onPointerMove={follow}
      onPointerLeave={leave}
      onClick={() => tip && openRun(tip.run)}
    >
      {canvases.map(([name, ref]) => (
        <canvas
          key={name}
          ref={ref}
          aria-hidden
          data-testid={`parallel-${name}`}
          className="absolute inset-0"
          style={picture}
        />
      ))}
      {theme && (
        <div className="absolute right-0 bottom-0">
          <PictureExports
            title="Parallel coordinates"
            background={theme.bg}
            make={() => ({ size: { ...picture, height: PARALLEL_HEIGHT + NAMES_HEIGHT }, draw: drawWhole })}
          />
        </div>
      )}
      <p className="sr-only" data-testid="parallel-summary">
        {countWords(store.n, "run")} over {countWords(axes.length, "axis", "axes")}:{" "}
        {axes.map(({ label }) => label).join(", ")}. {countWords(shown.length, "run")} within what is brushed.
      </p>
      {tip && <RunTip tip={tip} explorer={explorer} columns={axes} />}
    </div>
  );
}

/** The strongest colour last, over the others. */
const drawOrder = (n: number, { of }: RunColors): number[] =>
  Array.from({ length: n }, (_, run) => run).sort((a, b) => of[a]! - of[b]! || a - b);
