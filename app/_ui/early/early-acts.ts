/** What a person does to the controls of a page while its script isn't there: noted in the page, and done again later. */

/** An act as it was when it was noted. */
export type EarlyAct = {
  event: Event;
  /** The control, or where a key was pressed. */
  target: HTMLElement;
  /** What a field held after it; null: of no field. */
  value: string | null;
  /** Where the cursor was in a text after it, begin and end; null: of no text. */
  selection: [number, number] | null;
  /** Whether a box was ticked after it; null: of no box. */
  checked: boolean | null;
};

export type EarlyActs = {
  acts: EarlyAct[];
  /** Hears of each act, once somebody does them. */
  onAct: () => void;
  /** Whether the page's script is there, listeners of the window too, and has heard of all that was done before. */
  isLive: boolean;
  /** While an act is done again: what comes of it is nobody's. */
  isReplaying: boolean;
};

declare global {
  interface Window {
    holdoutEarly?: EarlyActs;
  }
}

/**
 * Notes each act of a person from now on. Sent to the browser as text, in front of everything else, so it stands alone.
 * What the browser does by itself isn't noted: links, and forms that say where they go.
 */
export function noteEarlyActs(): void {
  const early: EarlyActs = { acts: [], onAct: () => {}, isLive: false, isReplaying: false };
  window.holdoutEarly = early;
  const sent = new WeakSet<Element>();
  const pressed = "button, input, [role=tab], [role=option], [role=button]";
  const isText = (target: Element) =>
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLInputElement && !/^(checkbox|radio|file|range|button|submit)$/.test(target.type));

  /** The form of a text that the browser doesn't send, as its button is disabled until the script has heard of the text. */
  const stuckFormOf = (target: Element): HTMLFormElement | null => {
    const form = target instanceof HTMLInputElement && isText(target) && target.value !== "" ? target.form : null;
    if (!form || early.isLive || form.hasAttribute("action") || form.hasAttribute("method")) return null;
    const button = form.querySelector<HTMLButtonElement>("button:not([type=button]):not([type=reset])");
    return button?.disabled ? form : null;
  };

  const controlOf = (event: Event): Element | null => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target || event.type === "input") return target;
    if (event.type === "submit") {
      if (target.hasAttribute("action") || target.hasAttribute("method")) {
        // sent again while the answer is on its way, it would be done twice
        if (sent.has(target) && !early.isLive) event.preventDefault();
        sent.add(target);
        return null;
      }
      // else the browser loads the page anew, with the fields in its address
      event.preventDefault();
      return target;
    }
    if (event instanceof KeyboardEvent) {
      const { key, ctrlKey, metaKey } = event;
      if (/^(Tab|Shift|Control|Alt|Meta|AltGraph)$/.test(key) || target instanceof HTMLSelectElement) return null;
      // these are what the browser makes a click, a link or a form of, unless the form's button waits for the script
      if (/^( |Enter)$/.test(key) && target.closest("a[href], button, input[type=checkbox], form"))
        return key === "Enter" ? stuckFormOf(target) : null;
      const isTyping = isText(target) && !ctrlKey && !metaKey && (key.length === 1 || /^(Backspace|Delete)$/.test(key));
      return isTyping ? null : target;
    }
    const control = target.closest(pressed);
    const isForm = control instanceof HTMLButtonElement && control.type === "submit" && control.form !== null;
    return isForm || target.closest("a[href]") ? null : control;
  };

  const note = (heard: Event) => {
    // a program fills a field in a person's name: one that keeps passwords, or dictates
    if (early.isReplaying || !(heard.isTrusted || heard.type === "input")) return;
    const target = controlOf(heard);
    if (!(target instanceof HTMLElement) || !target.closest("body")) return;
    const event = heard.type === "keydown" && target instanceof HTMLFormElement ? new SubmitEvent("submit") : heard;
    const isField =
      isText(target) ||
      target instanceof HTMLSelectElement ||
      (event.type === "input" && target instanceof HTMLInputElement);
    const isBox = target instanceof HTMLInputElement && /^(checkbox|radio)$/.test(target.type);
    // a box says what became of it by its click
    if (isBox && event.type === "input") return;
    const key = event instanceof KeyboardEvent ? event.key : null;
    // what was done before is heard first, also in the moment in which the page's listeners are there already
    const isBehind = !early.isLive && early.acts.length > 0;
    if (key !== null && isBehind) event.stopImmediatePropagation();
    // pressed again, because nothing happened, it is meant once
    early.acts = early.acts.filter(
      (one) =>
        one.target !== target ||
        one.event.type !== event.type ||
        (one.event instanceof KeyboardEvent && (one.event.key !== key || /^Arrow|^.$/.test(one.event.key))),
    );
    const field = target as HTMLInputElement;
    // of numbers and addresses browsers don't say where the cursor is
    const isSaid = isText(target) && field.selectionStart !== null && field.selectionEnd !== null;
    early.acts.push({
      event,
      target,
      value: isField ? field.value : null,
      selection: isSaid ? [field.selectionStart!, field.selectionEnd!] : null,
      checked: isBox ? field.checked : null,
    });
    early.onAct();
  };
  for (const type of ["click", "input", "keydown", "submit"]) window.addEventListener(type, note, true);
}
