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

/** In CSS pixels; 0 until it was measured. */
export function useSize(target: RefObject<HTMLElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = target.current;
    if (!element) return;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = element;
      setSize((before) => (before.width === width && before.height === height ? before : { width, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [target]);
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
