"use client";
/** A chart that fills the window, with all its curves beside it, and the way to the next one. */
import { ChevronLeft, ChevronRight, X } from "lucide-react";
import { Dialog } from "radix-ui";
import { type KeyboardEvent, useDeferredValue, useRef } from "react";
import { numberWords } from "@/lib/words/numbers.ts";
import { closesOnEscape } from "../overlays/escape.ts";
import { Button, buttonClass } from "../parts/button.tsx";
import type { ChartCard } from "./cards.ts";
import { cardWords, MetricChart } from "./metric-chart.tsx";
import type { PlotGroup } from "./plot/group-traces.ts";
import type { PlotRun } from "./plot/traces.ts";
import { beginTalk, TALK_KEY } from "./talk/talk.ts";

type FullScreenBoxProps = {
  project: { id: string; slug: string };
  runs: PlotRun[];
  groups: PlotGroup[] | null;
  cards: ChartCard[];
  /** Which of them is shown. */
  index: number;
  onIndex: (index: number) => void;
  onClose: () => void;
};

export function FullScreenBox({ project, runs, groups, cards, index, onIndex, onClose }: FullScreenBoxProps) {
  const box = useRef<HTMLDivElement>(null);
  const { key } = cards[index]!;
  const go = (by: number) => cards[index + by] && onIndex(index + by);
  const { onKeyDown: closeOnEscape } = closesOnEscape(onClose);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    closeOnEscape(event);
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === TALK_KEY && isPlain) beginTalk(box.current!.querySelector("[data-shown]"));
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    // the slider of the cursor has these keys for itself
    if (by === undefined || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    go(by);
  };
  return (
    <Dialog.Root open onOpenChange={onClose}>
      <Dialog.Portal>
        <Dialog.Content
          ref={box}
          aria-describedby={undefined}
          onKeyDown={onKeyDown}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            box.current?.focus();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            focusChart(key);
          }}
          className="fixed inset-0 z-50 flex animate-appear flex-col bg-bg outline-none"
        >
          <Dialog.Title className="sr-only">{cardWords(cards[index]!)} in full screen</Dialog.Title>
          <div className="flex h-12 items-center gap-1 border-b border-line px-4">
            <Button icon look="ghost" aria-label="Previous chart" disabled={index === 0} onClick={() => go(-1)}>
              <ChevronLeft aria-hidden />
            </Button>
            <Button
              icon
              look="ghost"
              aria-label="Next chart"
              disabled={index === cards.length - 1}
              onClick={() => go(1)}
            >
              <ChevronRight aria-hidden />
            </Button>
            <p className="ml-2 text-xs text-muted">
              {numberWords(index + 1)} of {numberWords(cards.length)}
              <span className="pointer-coarse:hidden"> · ← and → show the others, Esc closes</span>
            </p>
            <Dialog.Close className={`${buttonClass("ghost", true)} ml-auto`} aria-label="Close">
              <X aria-hidden />
            </Dialog.Close>
          </div>
          <div className="relative min-h-0 flex-1">
            {useNear(cards, index).map((card) => (
              <div
                key={card.key}
                inert={card.key !== key}
                data-shown={card.key === key || undefined}
                className={`absolute inset-0 ${card.key === key ? "" : "invisible"}`}
              >
                <MetricChart project={project} runs={runs} groups={groups} card={card} isFull />
              </div>
            ))}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The card that is shown, and a moment later those beside it, which are drawn unseen: the next one is there at once. */
function useNear(cards: ChartCard[], index: number): ChartCard[] {
  const near = useDeferredValue<number | null>(index, null);
  const drawn = near === null ? [index] : [index, near - 1, near, near + 1];
  return cards.filter((_, at) => drawn.includes(at));
}

/** The chart of the card on the page behind, where it is. */
function focusChart(key: string): void {
  const chart = document.querySelector<HTMLElement>(`figure[data-metric="${CSS.escape(key)}"]`);
  chart?.focus({ preventScroll: true });
  chart?.scrollIntoView({ block: "nearest" });
}
