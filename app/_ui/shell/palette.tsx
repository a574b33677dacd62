"use client";
/** ⌘K: goes to a page, project or run. What it opens is loaded a moment after the page. */
import { lazy, Suspense, useEffect } from "react";
import type { PaletteProps } from "./palette-dialog.tsx";

const load = async () => ({ default: (await import("./palette-dialog.tsx")).PaletteDialog });
const PaletteDialog = lazy(load);
/** The page has what it needs by then. */
const LOAD_AFTER_MS = 1_500;

export function Palette(props: PaletteProps) {
  const { open, onOpenChange } = props;
  useEffect(() => {
    const timer = setTimeout(load, LOAD_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey) || event.shiftKey || event.altKey)
        return;
      event.preventDefault();
      onOpenChange(!open);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [open, onOpenChange]);
  return <Suspense>{open && <PaletteDialog {...props} />}</Suspense>;
}
