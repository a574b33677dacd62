"use client";
/** What a chart needs to know of its surroundings: whether it is seen, how wide it is, which colours hold. */
import { type RefObject, useEffect, useState, useSyncExternalStore } from "react";

/** A chart counts as seen this far outside the window, so that it is there when the reader comes. */
const AHEAD = "240px";

export function useVisible(target: RefObject<HTMLElement | null>): boolean {
  const [visible, setVisible] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => setVisible(entry?.isIntersecting ?? false), {
      rootMargin: AHEAD,
    });
    if (target.current) observer.observe(target.current);
    return () => observer.disconnect();
  }, [target]);
  return visible;
}

/** In CSS pixels; 0 until it was measured. */
export function useWidth(target: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    if (target.current) observer.observe(target.current);
    return () => observer.disconnect();
  }, [target]);
  return width;
}

/** Pixels that the title, the legend and the foot of a chart take. */
const AROUND = 120;

/** The height of a chart whose frame fills the screen; null while it doesn't. */
export function useFullHeight(frame: RefObject<HTMLElement | null>): number | null {
  const [height, setHeight] = useState<number | null>(null);
  useEffect(() => {
    const changed = () =>
      setHeight(document.fullscreenElement === frame.current && frame.current ? window.innerHeight - AROUND : null);
    document.addEventListener("fullscreenchange", changed);
    window.addEventListener("resize", changed);
    return () => {
      document.removeEventListener("fullscreenchange", changed);
      window.removeEventListener("resize", changed);
    };
  }, [frame]);
  return height;
}

const tokens = ["bg", "raised", "text", "muted", "line", "line-strong"] as const;
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

/** The design tokens and the typeface as they hold now; null on the server. */
export function useThemeColors(): ThemeColors | null {
  const colors = useSyncExternalStore(onTheme, themeNow, () => "");
  if (colors === "") return null;
  const values = colors.split("\n");
  return Object.fromEntries([...tokens, "font"].map((token, index) => [token, values[index]])) as ThemeColors;
}
