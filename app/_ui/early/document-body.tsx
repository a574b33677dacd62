"use client";
/** The document's body: once the script of the page is there, what a person did before takes effect. */
import { type ReactNode, type SyntheticEvent, useEffect } from "react";
import type { EarlyAct, EarlyActs } from "./early-acts.ts";
import { asServed, doAct, isOver } from "./replay.ts";

/** A part of the page whose script comes later is asked again so often. */
const RETRY_MS = 100;

/** Events that React brought to the components of their place. */
const heard = new WeakSet<Event>();
let heardCount = 0;

function hear({ target, nativeEvent }: SyntheticEvent): void {
  heardCount++;
  // a key that is pressed nowhere in particular is for a listener of the window
  if (window.holdoutEarly?.isLive || target !== document.body) heard.add(nativeEvent);
}

export function DocumentBody({ children }: { children: ReactNode }) {
  useEffect(() => {
    const early = window.holdoutEarly;
    // in a task of its own: then all effects of the page have run
    if (early) early.onAct = replayInTurn(early);
  }, []);
  return (
    <body onClickCapture={hear} onInputCapture={hear} onKeyDownCapture={hear} onSubmitCapture={hear}>
      {children}
    </body>
  );
}

/** Does all acts that weren't heard, now and whenever the function that it returns is called. */
function replayInTurn(early: EarlyActs): () => void {
  let isAtWork = false;
  // a listener of the window that did something with a key says so
  const isUnheard = ({ event }: EarlyAct) => !heard.has(event) && !(isKey(event) && event.defaultPrevented);
  const replay = async () => {
    const tried = new Set<EarlyAct>();
    const newActs = () => {
      early.acts = early.acts.filter(isUnheard);
      return early.acts.filter((act) => !tried.has(act));
    };
    // what is done while these are at it is heard after them
    for (let acts = newActs(); acts.length > 0; acts = newActs()) {
      acts.forEach(asServed);
      for (const act of acts) {
        tried.add(act);
        // pressed again meanwhile, it is done already
        if (early.acts.includes(act) && isDone(early, act)) early.acts = early.acts.filter((one) => one !== act);
        // the page takes in what an act changed before the next
        await pause(0);
      }
    }
    early.isLive = true;
    isAtWork = false;
    if (early.acts.length > 0) void pause(RETRY_MS).then(replaySoon);
  };
  const replaySoon = () => {
    if (isAtWork) return;
    isAtWork = true;
    void pause(0).then(replay);
  };
  replaySoon();
  return replaySoon;
}

const isKey = (event: Event): boolean => event.type === "keydown";

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Does an act; whether nothing is left of it to do. */
function isDone(early: EarlyActs, act: EarlyAct): boolean {
  if (isOver(act)) return true;
  const before = heardCount;
  early.isReplaying = true;
  doAct(act);
  early.isReplaying = false;
  // listeners of the window hear a key each time
  return heardCount > before || isKey(act.event);
}
