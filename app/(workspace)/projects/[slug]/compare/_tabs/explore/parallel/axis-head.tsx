"use client";
/** The head of an axis: its name, its menu, and where it is dragged by to another place. */
import { ChevronDown } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { Menu, type MenuParts, menuClass, menuItemClass } from "@/app/_ui/overlays/menu.tsx";
import type { ScaleChoice } from "../state/axis-scale.ts";
import type { Column } from "../state/columns.ts";

export type AxisActs = {
  /** By so many places. */
  onMove: (by: number) => void;
  onRemove: () => void;
  onColor: () => void;
  onScatter: () => void;
  onScale: (choice: ScaleChoice) => void;
  onClear: () => void;
};

type AxisHeadProps = {
  column: Column;
  /** Short. */
  label: string;
  /** Whether it is logarithmic; null: it can't be. */
  isLog: boolean | null;
  isBrushed: boolean;
  /** In pixels: from one axis to the next. */
  apart: number;
  acts: AxisActs;
};

const LEAST_PX = 6;

export function AxisHead({ column, label, isLog, isBrushed, apart, acts }: AxisHeadProps) {
  const from = useRef<number | null>(null);
  const wasDragged = useRef(false);
  const [shift, setShift] = useState(0);
  const press = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 || !event.isPrimary) return;
    from.current = event.clientX;
    wasDragged.current = false;
  };
  const move = (event: PointerEvent<HTMLElement>) => {
    if (from.current === null) return;
    const by = event.clientX - from.current;
    if (Math.abs(by) < LEAST_PX && !wasDragged.current) return;
    if (!wasDragged.current) event.currentTarget.setPointerCapture(event.pointerId);
    wasDragged.current = true;
    setShift(by);
  };
  const release = () => {
    if (wasDragged.current) acts.onMove(Math.round(shift / apart));
    from.current = null;
    setShift(0);
  };
  const byKey = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
    event.preventDefault();
    acts.onMove(event.key === "ArrowLeft" ? -1 : 1);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button in it does the same by keyboard
    <div
      className="relative touch-pan-y"
      style={{ transform: shift === 0 ? undefined : `translateX(${shift}px)`, zIndex: shift === 0 ? undefined : 10 }}
      onPointerDown={press}
      onPointerMove={move}
      onPointerUp={release}
      onPointerCancel={release}
      onKeyDown={byKey}
      // the click that ends a drag opens no menu
      onClickCapture={(event) => wasDragged.current && event.stopPropagation()}
    >
      <Menu
        data-axis={column.name}
        title={`${column.label}${isLog ? ", logarithmic" : ""}: drag it, or press Alt and an arrow, to move the axis`}
        className={`flex h-7 w-full items-center justify-center gap-0.5 rounded-md px-1 text-xs hover:bg-hover ${isBrushed ? "font-medium text-accent" : ""}`}
        content={(parts) => <AxisMenu parts={parts} isLog={isLog} isBrushed={isBrushed} acts={acts} />}
      >
        <span className="min-w-0 truncate">{label}</span>
        <ChevronDown aria-hidden className="size-3 shrink-0 text-muted" />
      </Menu>
    </div>
  );
}

type AxisMenuProps = Pick<AxisHeadProps, "isLog" | "isBrushed" | "acts"> & { parts: MenuParts };

function AxisMenu({ parts: { Content, Item }, isLog, isBrushed, acts }: AxisMenuProps) {
  const entries: [string, () => void, boolean][] = [
    ["Colour by it", acts.onColor, true],
    ["Across in the scatter plot", acts.onScatter, true],
    [isLog ? "Linear axis" : "Logarithmic axis", () => acts.onScale(isLog ? "linear" : "log"), isLog !== null],
    ["Move left", () => acts.onMove(-1), true],
    ["Move right", () => acts.onMove(1), true],
    ["Take the brush away", acts.onClear, isBrushed],
    ["Remove the axis", acts.onRemove, true],
  ];
  return (
    <Content className={menuClass} align="center">
      {entries
        .filter(([, , isThere]) => isThere)
        .map(([label, act]) => (
          <Item key={label} className={menuItemClass} onSelect={act}>
            {label}
          </Item>
        ))}
    </Content>
  );
}
