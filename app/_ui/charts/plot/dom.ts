"use client";
/** What a chart needs to know of its surroundings: whether it is seen, how wide it is, which colours hold. */
import { type RefObject, useLayoutEffect, useMemo, useState, useSyncExternalStore } from "react";

/** A chart counts as seen so many pixels outside the window, so that it is there when the reader comes. */
const AHEAD = 240;

export function useVisible(target: RefObject<HTMLElement | null>): boolean {
  const [visible, setVisible] = useState(false);
  useLayoutEffect(() => {
    const observer = new IntersectionObserver(([entry]) => setVisible(entry?.isIntersecting ?? false), {
      rootMargin: `${AHEAD}px`,
    });
    if (target.current) {
      // the observer tells it two frames later
      const { top, bottom, width } = target.current.getBoundingClientRect();
      setVisible(width > 0 && bottom >= -AHEAD && top <= window.innerHeight + AHEAD);
      observer.observe(target.current);
    }
    return () => observer.disconnect();
  }, [target]);
  return visible;
}

type Size = { width: number; height: number };

/**
 * In CSS pixels; 0 until it was measured. Of what is seen the browser tells the size once it has laid the page out: to be
 * asked before, it would lay out each chart by itself. Of what isn't seen it tells none, and so is asked.
 */
export function useSize(target: RefObject<HTMLElement | null>, isSeen: boolean): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const observer = new ResizeObserver((entries) => {
      const { width, height } = entries.at(-1)!.contentRect;
      const now = { width: Math.round(width), height: Math.round(height) };
      setSize((before) => (before.width === now.width && before.height === now.height ? before : now));
    });
    if (target.current) observer.observe(target.current);
    return () => observer.disconnect();
  }, [target]);
  useLayoutEffect(() => {
    const element = target.current;
    if (!isSeen && element)
      setSize((before) => (before.width > 0 ? before : { width: element.clientWidth, height: element.clientHeight }));
  }, [target, isSeen]);
  return size;
}

const tokens = ["bg", "raised", "text", "muted", "line", "line-strong", "accent", "warning"] as const;
export type ThemeColors = Record<(typeof tokens)[number] | "font", string>;

function onTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    dark.removeEventListener("change", changed);
  };
}

function themeNow(): string {
  const style = getComputedStyle(document.documentElement);
  return [...tokens.map((token) => style.getPropertyValue(`--${token}`).trim()), style.fontFamily].join("\n");
}

/** The design tokens and the typeface as they hold now, the same object until they change; null on the server. */
export function useThemeColors(): ThemeColors | null {
  const colors = useSyncExternalStore(onTheme, themeNow, () => "");
  return useMemo(() => {
    if (colors === "") return null;
    const values = colors.split("\n");
    return Object.fromEntries([...tokens, "font"].map((token, index) => [token, values[index]])) as ThemeColors;
  }, [colors]);
}
