"use client";
/** Threads in a chart: marks of those that there are, and the acts that begin one at the cursor's step or on what is zoomed in. */
import { MessageSquareDashed, MessageSquarePlus } from "lucide-react";
import { type RefObject, useContext, useMemo, useSyncExternalStore } from "react";
import { countWords, numberWords } from "@/lib/words/numbers.ts";
import { placesOf } from "../charts/readings.ts";
import { type ChartTalk, TALK_KEY, type TalkedChart } from "../charts/talk/talk.ts";
import { ActIcon, ActItem, type ChartAct } from "../charts/toolbar.tsx";
import { useChartGroup } from "../charts/view.tsx";
import { type CurveMark, type CurvePlace, curveMarks, pointPlaces, rangePlaces } from "./places.ts";
import { CurveThreadsContext } from "./state.ts";

export const chartParts: ChartTalk = {
  Marks: ({ chart }) => <Marks chart={chart} />,
  Icons: ({ chart }) => useBegins(chart).map(({ id, ...act }) => <ActIcon key={id} act={act} />),
  Items: ({ chart, parts }) => useBegins(chart).map(({ id, ...act }) => <ActItem key={id} act={act} parts={parts} />),
};

/** What begins a thread in a chart; nothing for who may only read. */
function useBegins(chart: TalkedChart): (ChartAct & { id: string })[] {
  const { canBegin, open, prepare } = useContext(CurveThreadsContext);
  const { view, cursor } = useChartGroup();
  const { traces, x, plane } = chart.drawing;
  const isShown = (at: number) => at >= plane.x.from && at <= plane.x.to;
  const places = useMemo(() => placesOf(traces), [traces]);
  const last = places.findLast(isShown) ?? places.at(-1);
  const { store } = cursor;
  const placeOf = (isOver: boolean) => {
    const place = store.get();
    // where the pointer was before a zoom may lie beside it
    return place?.x === x && place.isOver === isOver && isShown(place.at) ? place.at : null;
  };
  // while the pointer moves over charts nobody reads what the acts are called
  const left = useSyncExternalStore(
    store.subscribe,
    () => placeOf(false),
    () => null,
  );
  if (!canBegin || last === undefined) return [];
  const [named] = pointPlaces(chart, cursor.at ?? left ?? last, null);
  const ranges = view.zoom ? rangePlaces(chart, view.zoom) : [];
  const begin = (places: CurvePlace[]) => open({ places, opener: { current: focused() } });
  const comment = () =>
    begin([...pointPlaces(chart, placeOf(true) ?? cursor.at ?? placeOf(false) ?? last, chart.down.current), ...ranges]);
  return [
    ...(ranges[0]
      ? [
          {
            id: "range",
            label: `Comment on steps ${numberWords(ranges[0].from)} to ${numberWords(ranges[0].to)}`,
            mark: <MessageSquareDashed aria-hidden onPointerEnter={prepare} />,
            run: () => begin(ranges),
          },
        ]
      : []),
    ...(named
      ? [
          {
            id: "point",
            label: `Comment at step ${numberWords(named.step)}`,
            mark: <MessageSquarePlus aria-hidden onPointerEnter={prepare} />,
            run: comment,
            shortcut: TALK_KEY,
          },
        ]
      : []),
  ];
}

/** What has the focus; of a menu that closes the button that opened it. */
function focused(): HTMLElement | null {
  const active = document.activeElement as HTMLElement | null;
  const menu = active?.closest("[role=menu]");
  return menu ? document.getElementById(menu.getAttribute("aria-labelledby") ?? "") : active;
}

function Marks({ chart }: { chart: TalkedChart }) {
  const { threads, open, prepare } = useContext(CurveThreadsContext);
  const marks = useMemo(() => curveMarks(threads, chart), [threads, chart]);
  const { top, height } = chart.drawing.plane.box;
  return marks.map((mark) => (
    <div key={mark.places.map(({ subject, anchor }) => `${subject} ${anchor}`).join()} className="print:hidden">
      {mark.spans.map(({ left, width }, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: they are what they are by their order
          key={index}
          aria-hidden
          className={`pointer-events-none absolute border-l border-accent/50 bg-accent/10 ${width > 0 ? "border-r" : ""}`}
          style={{ left, width, top, height }}
        />
      ))}
      <button
        type="button"
        aria-haspopup="dialog"
        aria-label={markWords(mark)}
        title={markWords(mark)}
        onPointerEnter={prepare}
        onFocus={prepare}
        onClick={(event) => {
          // a click on the chart itself pins the cursor
          event.stopPropagation();
          open({ places: mark.places, opener: returnTo(event.currentTarget) });
        }}
        className="absolute top-0 z-10 flex h-6 min-w-6 -translate-x-1/2 items-center justify-center"
        style={{ left: mark.left }}
      >
        <span className="min-w-4 rounded-full rounded-bl-none bg-accent px-1 text-center text-[11px] leading-4 text-on-accent">
          {mark.count}
        </span>
      </button>
    </div>
  ));
}

/** Its chart, where the mark is gone by then as its threads were resolved. */
function returnTo(mark: HTMLElement): RefObject<HTMLElement | null> {
  const chart = mark.closest("figure");
  return {
    get current() {
      return mark.isConnected ? mark : chart;
    },
  };
}

function markWords({ places, count }: CurveMark): string {
  const where = places.length === 1 ? places[0]!.words : countWords(places.length, "place");
  return `Comments on ${where}: ${numberWords(count)} open`;
}
