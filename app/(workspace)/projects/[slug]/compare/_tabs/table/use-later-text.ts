/** A text that is shown as it is typed, and told of once nobody has typed for a moment. */
import { useEffect, useRef, useState } from "react";

const PAUSE_MS = 250;

/** `given`: what it is told to be from outside, as by an address. */
export function useLaterText(given: string, tell: (text: string) => void): [string, (text: string) => void] {
  const [text, setText] = useState(given);
  const told = useRef(given);
  useEffect(() => {
    if (given === told.current) return;
    told.current = given;
    setText(given);
  }, [given]);
  useEffect(() => {
    if (text === told.current) return;
    const timer = setTimeout(() => {
      told.current = text;
      tell(text);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, tell]);
  return [text, setText];
}
