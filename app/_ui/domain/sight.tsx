"use client";
/** A table's rows as the legend of its charts: the mark of each row's curves, and an eye that hides them. */
import { Check, Eye, EyeOff } from "lucide-react";
import { createContext, useContext } from "react";
import { Menu, menuClass, menuItemClass } from "../overlays/menu.tsx";
import { useToast } from "../overlays/toast.tsx";
import { useIsPointed, usePointed } from "../parts/pointed.ts";
import { colorNames, lookOfSlot, type RunLook, runColors } from "../parts/run-color.ts";
import { colorRunAction } from "./run-actions.ts";

/** Which runs, or groups of runs, the charts of a page have curves of; each by its key. */
export type Sight = {
  /** Null: it has no colour, as it isn't in sight. */
  lookOf: (key: string) => RunLook | null;
  /** One that was hidden is in sight, and isn't drawn. */
  isDrawn: (key: string) => boolean;
  /** Hides its curves, or shows them. Null where there are no charts to hide them in. */
  toggle: ((key: string) => void) | null;
};

/** Of a page without charts. */
const nothing: Sight = { lookOf: () => null, isDrawn: () => false, toggle: null };
export const SightContext = createContext<Sight>(nothing);
export const useSight = (): Sight => useContext(SightContext);

/** What a row does that stands for curves: where a pointer or the focus is on it, the curves of others fade. */
export function usePointing(key: string) {
  const { isDrawn } = useSight();
  const { point } = usePointed();
  const isPointed = useIsPointed(key);
  const [enter, leave] = [() => point(isDrawn(key) ? key : null), () => point(null)];
  return {
    "data-pointed": isPointed || undefined,
    onPointerEnter: enter,
    onPointerLeave: leave,
    onFocus: enter,
    onBlur: leave,
  };
}

/** A piece of the curve; hollow where none is drawn, without colour where none was given. */
function CurveMark({ look, isDrawn }: { look: RunLook | null; isDrawn: boolean }) {
  const color = look?.color ?? "var(--line-strong)";
  // between long dashes as many dots as the colours came round again, as in the curves of train
  const dots = Array.from({ length: Math.min(look?.round ?? 0, 2) }, (_, dot) => 9 + 3 * dot);
  const bar = dots.length === 0 ? 14 : 7;
  return (
    <svg aria-hidden width="16" height="8" className="block shrink-0">
      <rect
        x="1"
        y="1.5"
        width={bar}
        height="5"
        rx="1.5"
        stroke={color}
        strokeWidth="1"
        fill={isDrawn ? color : "none"}
      />
      {dots.map((x) => (
        <rect key={x} x={x} y="2.5" width="2" height="3" rx="1" fill={color} />
      ))}
    </svg>
  );
}

/** The mark of a row's curves, which nobody chooses. */
export function SightMark({ id }: { id: string }) {
  const { lookOf, isDrawn } = useSight();
  return <CurveMark look={lookOf(id)} isDrawn={isDrawn(id)} />;
}

type SightEyeProps = { id: string; name: string };

/** Shows or hides the curves of a row. */
export function SightEye({ id, name }: SightEyeProps) {
  const { isDrawn, toggle } = useSight();
  if (!toggle) return null;
  const isOn = isDrawn(id);
  const words = `${isOn ? "Hide" : "Show"} the curves of ${name}`;
  const Icon = isOn ? Eye : EyeOff;
  return (
    <button
      type="button"
      aria-pressed={isOn}
      aria-label={`Curves of ${name}`}
      aria-keyshortcuts="e"
      title={words}
      onClick={() => toggle(id)}
      className={`flex size-6 shrink-0 items-center justify-center rounded-md hover:bg-hover hover:text-text
        ${isOn ? "text-muted" : "text-muted opacity-50 hover:opacity-100 focus-visible:opacity-100"}`}
    >
      <Icon aria-hidden className="size-3.5" />
    </button>
  );
}

type RunColorProps = { run: { id: string; name: string; color: number | null } };

/** The mark of a run's curves, and a menu that chooses their colour for everybody. */
export function RunColor({ run }: RunColorProps) {
  const { lookOf, isDrawn } = useSight();
  const toast = useToast();
  const choose = async (color: number | null) => {
    if (color === run.color) return;
    const outcome = await colorRunAction(run.id, color);
    if (!outcome.ok) return toast({ title: outcome.error, tone: "danger" });
    const title = color === null ? `${run.name} has no colour of its own.` : `${run.name} is ${colorNames[color]}.`;
    toast({ title, undo: { label: "Undo", action: () => colorRunAction(run.id, run.color) } });
  };
  const chosen = run.color === null ? null : lookOfSlot(run.color);
  return (
    <Menu
      aria-label={`Colour of ${run.name}`}
      title="Choose its colour for everybody"
      className="flex size-6 shrink-0 items-center justify-center rounded-md hover:bg-hover"
      content={({ Content, RadioGroup, RadioItem, ItemIndicator, Separator }) => (
        <Content align="start" sideOffset={4} className={menuClass}>
          <RadioGroup
            value={run.color === null ? "" : String(run.color)}
            onValueChange={(value) => void choose(value === "" ? null : Number(value))}
          >
            <div className="grid grid-cols-2">
              {runColors.map((color, index) => (
                <RadioItem key={color} value={String(index)} className={menuItemClass}>
                  <span aria-hidden className="size-3 rounded-full" style={{ background: color }} />
                  {colorNames[index]}
                  <ItemIndicator className="ml-auto">
                    <Check aria-hidden />
                  </ItemIndicator>
                </RadioItem>
              ))}
            </div>
            <Separator className="my-1 h-px bg-line" />
            <RadioItem value="" className={menuItemClass}>
              Any that is free
              <ItemIndicator className="ml-auto">
                <Check aria-hidden />
              </ItemIndicator>
            </RadioItem>
          </RadioGroup>
        </Content>
      )}
    >
      <CurveMark look={lookOf(run.id) ?? chosen} isDrawn={isDrawn(run.id)} />
    </Menu>
  );
}

type RowLegendProps = RunColorProps & { canChoose: boolean };

/** Before a run's name: its eye, and the mark of its curves. */
export const RowLegend = ({ run, canChoose }: RowLegendProps) => (
  <span className="flex shrink-0 items-center">
    <SightEye id={run.id} name={run.name} />
    {canChoose ? <RunColor run={run} /> : <SightMark id={run.id} />}
  </span>
);
