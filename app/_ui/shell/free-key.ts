/** Whether a key that is pressed is the page's: no field takes it, nothing lies over the page. */

export const isFreeKey = (event: KeyboardEvent): boolean =>
  !event.defaultPrevented &&
  !event.ctrlKey &&
  !event.metaKey &&
  !event.altKey &&
  !isTyping(event.target) &&
  document.querySelector("[role=dialog], [role=alertdialog], [role=menu]") === null;

/** A field takes the key; a box to tick doesn't. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]") !== null;
