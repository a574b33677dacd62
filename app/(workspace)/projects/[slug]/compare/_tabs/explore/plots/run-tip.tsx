"use client";
/** What the run is that is pointed at. */
import { useLayoutEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { placeBeside } from "@/app/_ui/charts/plot/beside.ts";
import { cellWords } from "../state/axis-scale.ts";
import type { Column } from "../state/columns.ts";
import type { Explorer } from "../state/explorer.ts";

/** In pixels from the corner of the window. */
export type TipPlace = { run: number; x: number; y: number };

type RunTipProps = { tip: TipPlace; explorer: Pick<Explorer, "store" | "standings">; columns: Column[] };

const SHOWN_MAX = 14;

/** Stands over the whole window, as what scrolls would cut it off. */
export function RunTip({ tip, explorer: { store, standings }, columns }: RunTipProps) {
  const box = useRef<HTMLDivElement>(null);
  // after every change, as its size follows its words
  useLayoutEffect(() => {
    const { offsetWidth: width, offsetHeight: height, style } = box.current!;
    const { clientWidth, clientHeight } = document.documentElement;
    const { left, top } = placeBeside(tip, { width, height }, { width: clientWidth, height: clientHeight });
    style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  });
  const status = store.statuses[tip.run]!;
  return createPortal(
    <div
      ref={box}
      aria-hidden
      data-testid="tooltip"
      className="pointer-events-none fixed top-0 left-0 z-60 w-max max-w-[min(360px,calc(100vw-8px))] rounded-md bg-raised
        px-2 py-1.5 text-xs leading-4 shadow-float"
    >
      <p className="font-medium wrap-anywhere">{store.names[tip.run]}</p>
      {standings[tip.run] !== "counted" && (
        <p className="text-muted">{status === "finished" ? "no finite value of the objective" : status}</p>
      )}
      <table>
        <tbody>
          {columns.slice(0, SHOWN_MAX).map((column) => (
            <tr key={column.name}>
              <td className="max-w-48 truncate pr-2 text-muted">{column.label}</td>
              <td className="max-w-40 truncate text-right">{cellWords(column, tip.run)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="text-muted">click: open the run</p>
    </div>,
    document.body,
  );
}
