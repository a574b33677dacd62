import { useEffect, useEffectEvent } from "react";

const LATER_MS = 1_000;

/** Does something once, a moment after the page is there: what few need at once needn't come before what all see. */
export function useLater(act: () => void): void {
  const now = useEffectEvent(act);
  useEffect(() => {
    const timer = setTimeout(() => now(), LATER_MS);
    return () => clearTimeout(timer);
  }, []);
}
