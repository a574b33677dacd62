"use client";
/** ⌘K: goes to a page, project or run, or does something. What it opens is loaded a moment after the page. */
import { useEffect, useEffectEvent } from "react";
import { fetched } from "../overlays/fetched.tsx";
import type { PaletteDialogProps } from "./palette-dialog.tsx";

const PaletteDialog = fetched(async () => (await import("./palette-dialog.tsx")).PaletteDialog);
/** By then the page has loaded what it needs itself. */
const LOAD_AFTER_MS = 1_500;

type PaletteProps = Omit<PaletteDialogProps, "onClose"> & { open: boolean; onOpenChange: (open: boolean) => void };

export function Palette({ open, onOpenChange, places }: PaletteProps) {
  useEffect(() => {
    const timer = setTimeout(PaletteDialog.prepare, LOAD_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onOpenChange(!open);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event);
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
  return open && <PaletteDialog onClose={() => onOpenChange(false)} places={places} />;
}
