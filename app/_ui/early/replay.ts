/** Does early acts again, as the person left them, once the page's script hears of it. */
import type { EarlyAct } from "./early-acts.ts";

/** A box as the server made it: what was done to it is done anew. */
export function asServed({ target, checked }: EarlyAct): void {
  if (checked !== null) (target as HTMLInputElement).checked = (target as HTMLInputElement).defaultChecked;
}

/** Whether nothing is left to do: what it was done to is gone, is as the person left it, or was left for another field. */
export function isOver({ event, target, value, checked }: EarlyAct): boolean {
  if (!target.isConnected) return true;
  if (checked !== null) return (target as HTMLInputElement).checked === checked;
  return event.type === "click" && value !== null && document.activeElement !== target;
}

/** Does it, as events that bubble to whoever listens. */
export function doAct(act: EarlyAct): void {
  const { event, target } = act;
  if (event.type === "submit") (target as HTMLFormElement).requestSubmit((event as SubmitEvent).submitter);
  else if (event.type === "input") fill(target as HTMLInputElement, act);
  else if (event.type === "keydown") target.dispatchEvent(new KeyboardEvent("keydown", keyOf(event as KeyboardEvent)));
  // some open as the pointer goes down
  else for (const type of ["mousedown", "click"]) target.dispatchEvent(new MouseEvent(type, modifiersOf(event)));
}

/** React hears of a text only where it differs from the one that was last set in the usual way. */
function fill(field: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement, act: EarlyAct): void {
  const value = act.value ?? "";
  const isChosen = field instanceof HTMLSelectElement;
  if (isChosen) field.value = value;
  else if (field.type !== "file") {
    // a text that the page's script took away took the cursor with it
    const isKept = field.value === value;
    const { selectionStart, selectionEnd } = field;
    const selection = isKept && selectionStart !== null ? ([selectionStart, selectionEnd] as const) : act.selection;
    field.value = field.defaultValue;
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value")!.set!.call(field, value);
    if (selection) field.setSelectionRange(...selection);
  }
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  if (isChosen || field.type === "file") field.dispatchEvent(new Event("change", { bubbles: true }));
}

function modifiersOf(event: Event): MouseEventInit {
  const { shiftKey, ctrlKey, metaKey, altKey } = event as MouseEvent;
  return { bubbles: true, cancelable: true, composed: true, shiftKey, ctrlKey, metaKey, altKey };
}

const keyOf = (event: KeyboardEvent): KeyboardEventInit => ({
  ...modifiersOf(event),
  key: event.key,
  code: event.code,
});
