"use client";
/** A layer of what is selected, which changes while somebody drags: one canvas is seen, the next picture grows on the other. */
import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { type Pen, penOf } from "@/app/_ui/charts/plot/pen.ts";
import { Painter } from "./painter.ts";

type Size = { width: number; height: number };

/** What is drawn of how many runs; `draw` draws some of them over those before. */
export type TwinPicture = { size: Size; runs: number; draw: (pen: Pen, from: number, to: number) => void };

export type Twin = {
  holder: RefObject<HTMLDivElement | null>;
  seen: RefObject<HTMLCanvasElement | null>;
  unseen: RefObject<HTMLCanvasElement | null>;
  /** Shows it once it is whole; null: shows nothing. */
  show: (picture: TwinPicture | null) => void;
};

function usePainter(): Painter {
  const [painter] = useState(() => new Painter());
  useEffect(() => () => painter.stop(), [painter]);
  return painter;
}

export function useTwin(): Twin {
  const painter = usePainter();
  const holder = useRef<HTMLDivElement>(null);
  const seen = useRef<HTMLCanvasElement>(null);
  const unseen = useRef<HTMLCanvasElement>(null);
  return useMemo(() => {
    const turn = (runs: number) => {
      if (!holder.current) return;
      [seen.current, unseen.current] = [unseen.current, seen.current];
      seen.current!.style.visibility = "";
      unseen.current!.style.visibility = "hidden";
      holder.current.hidden = false;
      // tests and measurements wait for this
      holder.current.dataset.drawn = String(runs);
    };
    const show = (picture: TwinPicture | null) => {
      if (picture === null) {
        painter.stop();
        holder.current!.hidden = true;
        holder.current!.dataset.drawn = "";
        return;
      }
      const { size, runs, draw } = picture;
      let pen: Pen | null = null;
      painter.paint({
        marks: runs,
        draw: (from, to) => {
          if (!unseen.current) return;
          pen ??= penOf(unseen.current, size, window.devicePixelRatio);
          draw(pen, from, to);
        },
        onWhole: () => turn(runs),
      });
    };
    return { holder, seen, unseen, show };
  }, [painter]);
}

type TwinLayerProps = { twin: Twin; size: Size; testId?: string; layer?: string };

export const TwinLayer = ({ twin: { holder, seen, unseen }, size, testId, layer }: TwinLayerProps) => (
  <div ref={holder} hidden data-testid={testId} data-layer={layer}>
    {[seen, unseen].map((canvas, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: two that stay
      <canvas key={at} ref={canvas} aria-hidden className="absolute inset-0" style={size} />
    ))}
  </div>
);
