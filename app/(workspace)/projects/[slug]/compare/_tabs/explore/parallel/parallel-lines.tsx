"use client";
/** The lines of parallel coordinates: what is pointed at is named, and a click opens it. */
import { type PointerEvent, type RefObject, useMemo } from "react";
import { useThemeColors } from "@/app/_ui/charts/plot/dom.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { PictureExports } from "../plots/picture-exports.tsx";
import { RunTip } from "../plots/run-tip.tsx";
import { TwinLayer } from "../plots/twin-layer.tsx";
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
  const { layers, ys, drawWhole } = useParallelDrawing(props, { order, shown, theme });
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
      <Layer name="all" layer={layers.all} size={picture} />
      <TwinLayer twin={layers.chosen} size={picture} testId="parallel-selected" />
      <Layer name="lit" layer={layers.lit} size={picture} />
      <Layer name="axes" layer={layers.over} size={picture} />
      {theme && (
        <div className="absolute right-0" style={{ top: PARALLEL_HEIGHT }}>
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

type LayerProps = {
  name: string;
  layer: RefObject<HTMLCanvasElement | null>;
  size: { width: number; height: number };
};

const Layer = ({ name, layer, size }: LayerProps) => (
  <canvas ref={layer} aria-hidden data-testid={`parallel-${name}`} className="absolute inset-0" style={size} />
);

/** The strongest colour last, over the others. */
const drawOrder = (n: number, { of }: RunColors): number[] =>
  Array.from({ length: n }, (_, run) => run).sort((a, b) => of[a]! - of[b]! || a - b);
