"use client";
/** What a page that has threads lends its charts: marks over their pictures, and acts in their menus. Others pay nothing. */
import { type ComponentType, createContext, type RefObject, useContext } from "react";
import type { MenuParts } from "../../overlays/menu.tsx";
import type { Drawing } from "../plot/drawing.ts";

/** A chart whose curves are runs' own, as it is drawn. */
export type TalkedChart = {
  metric: string;
  drawing: Drawing;
  /** How far below its top the pointer was last, in pixels; null: it was never on it. */
  down: RefObject<number | null>;
};

export type ChartTalk = {
  /** Stands in the picture's box, over it. */
  Marks: ComponentType<{ chart: TalkedChart }>;
  Icons: ComponentType<{ chart: TalkedChart }>;
  Items: ComponentType<{ chart: TalkedChart; parts: MenuParts }>;
};

/** Null where nobody lends any, and until their script is there. */
export const TalkContext = createContext<ChartTalk | null>(null);
export const useTalk = (): ChartTalk | null => useContext(TalkContext);

/** The key that begins a thread in the chart that has the focus. */
export const TALK_KEY = "c";

/** Does what the act with that key does in a chart; nothing where it has none. */
export const beginTalk = (chart: Element | null): void =>
  chart?.querySelector<HTMLElement>(`[aria-keyshortcuts="${TALK_KEY}"]`)?.click();
