/** Escape for what is open, also while news lie above it: of what lies above each other, only the uppermost hears the key. */
import type { KeyboardEvent } from "react";

/** What takes the key for itself. */
export const TAKES_ESCAPE = "[role=dialog], [role=menu]";

/** Props of what is open: the key that is pressed in it closes it, and nothing that it stands in. */
export const closesOnEscape = (onClose: () => void) => ({
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
    const taker = (event.target as Element).closest(TAKES_ESCAPE);
    if (event.key === "Escape" && taker && event.currentTarget.contains(taker)) onClose();
  },
});
