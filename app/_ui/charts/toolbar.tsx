"use client";
/** What can be done with a chart: icons on hover and focus, one menu where fingers point. */
import { Download, Ellipsis, Image as ImageIcon, Maximize2, Pin, Shapes, Table2, ZoomOut } from "lucide-react";
import type { ReactNode } from "react";
import { Menu, type MenuParts, menuClass, menuItemClass } from "../overlays/menu.tsx";
import { useFullScreen } from "./full-screen.tsx";
import { type TalkedChart, useTalk } from "./talk/talk.ts";
import { toggled, useChartGroup } from "./view.tsx";

/** A chart's exports, each null while there is nothing to save. */
export type ChartExports = Record<"png" | "svg" | "csv", (() => void) | null>;

export type ChartAct = {
  label: string;
  mark: ReactNode;
  /** Null while it can't be done. */
  run: (() => void) | null;
  /** Of what is on or off. */
  isOn?: boolean;
  /** Of what a key does, too. */
  shortcut?: string;
};

type ChartToolbarProps = {
  metric: string;
  /** The key of its card. */
  chart: string;
  /** Whether it fills the window. */
  isFull: boolean;
  exports: ChartExports;
  /** Null where no thread can be begun. */
  talked: TalkedChart | null;
};

export function ChartToolbar({ metric, chart, isFull, exports, talked }: ChartToolbarProps) {
  const talk = useTalk();
  const acts = useActs({ metric, chart, isFull, exports });
  // `has` stands on what it changes: on the chart, all in it would be styled anew whenever anything came into it
  const place = isFull
    ? "ml-auto"
    : `absolute inset-y-0 right-0 bg-bg pl-2 opacity-0 transition-opacity group-hover/chart:opacity-100
      group-focus-visible/chart:opacity-100 has-focus-visible:opacity-100`;
  return (
    <>
      <span className={`flex items-center text-muted pointer-coarse:hidden ${place}`}>
        {talk && talked && <talk.Icons chart={talked} />}
        {acts.map((act) => (
          <ActIcon key={act.label} act={act} />
        ))}
      </span>
      <span className="ml-auto hidden pointer-coarse:flex">
        <Menu
          aria-label={`Chart actions for ${metric}`}
          className="flex size-7 items-center justify-center rounded text-muted"
          content={(parts) => (
            <parts.Content align="end" className={menuClass}>
              {talk && talked && <talk.Items chart={talked} parts={parts} />}
              {acts.map((act) => (
                <ActItem key={act.label} act={act} parts={parts} />
              ))}
            </parts.Content>
          )}
        >
          <Ellipsis aria-hidden className="size-4" />
        </Menu>
      </span>
    </>
  );
}

function useActs({ metric, chart, isFull, exports }: Omit<ChartToolbarProps, "talked">): ChartAct[] {
  const { view, onView, setZoom, cursor } = useChartGroup();
  const { show } = useFullScreen();
  const isPinned = view.pinned.includes(metric);
  const acts: (ChartAct | false)[] = [
    view.zoom !== null && { label: "Show all steps", mark: <ZoomOut aria-hidden />, run: () => setZoom(null) },
    {
      label: "Logarithmic axis",
      mark: "log",
      isOn: view.log.includes(metric),
      run: () => onView({ ...view, log: toggled(view.log, metric) }),
    },
    !isFull && {
      label: `Values of ${metric} at the cursor`,
      mark: <Table2 aria-hidden />,
      isOn: cursor.isRead(metric),
      run: () => cursor.toggleRead(metric),
    },
    {
      label: `Pin ${metric}`,
      mark: <Pin aria-hidden className={isPinned ? "fill-current" : ""} />,
      isOn: isPinned,
      run: () => onView({ ...view, pinned: toggled(view.pinned, metric) }),
    },
    !isFull && { label: `${metric} in full screen`, mark: <Maximize2 aria-hidden />, run: () => show(chart) },
    { label: `Save ${metric} as PNG`, mark: <ImageIcon aria-hidden />, run: exports.png },
    { label: `Save ${metric} as SVG`, mark: <Shapes aria-hidden />, run: exports.svg },
    { label: `Save ${metric} as CSV`, mark: <Download aria-hidden />, run: exports.csv },
  ];
  return acts.filter((act) => act !== false);
}

export const ActIcon = ({ act: { label, mark, run, isOn, shortcut } }: { act: ChartAct }) => (
  <button
    type="button"
    aria-label={label}
    title={label}
    aria-pressed={isOn}
    aria-keyshortcuts={shortcut}
    disabled={run === null}
    onClick={() => run?.()}
    className="flex h-6 min-w-6 items-center justify-center rounded px-1 text-xs transition-colors hover:bg-hover
      hover:text-text disabled:opacity-40 aria-pressed:bg-accent-soft aria-pressed:text-accent [&_svg]:size-3.5"
  >
    {mark}
  </button>
);

export const ActItem = ({ act: { label, mark, run, isOn }, parts }: { act: ChartAct; parts: MenuParts }) => (
  <parts.Item disabled={run === null} onSelect={() => run?.()} className={`${menuItemClass} h-10`}>
    <span aria-hidden className="flex w-6 justify-center text-xs text-muted">
      {mark}
    </span>
    {label}
    {isOn && <span className="ml-auto pl-3 text-xs text-accent">on</span>}
  </parts.Item>
);
