"use client";
/** On a page that broke off: whether the server is away, and the page again once it is back. */
import { useEffect, useState } from "react";

const ASK_MS = 1_000;

const answers = (): Promise<boolean> =>
  fetch("/api/health", { cache: "no-store" }).then(
    ({ ok }) => ok,
    () => false,
  );

/** Shows nothing while the server answers: then it is the page that is at fault, and loading it again wouldn't help. */
export function ComeBack() {
  const [away, setAway] = useState(false);
  useEffect(() => {
    let [wasAway, over] = [false, false];
    const ask = async () => {
      const isUp = await answers();
      if (over) return;
      if (isUp && wasAway) return window.location.reload();
      wasAway = !isUp;
      setAway(wasAway);
      if (wasAway) timer = setTimeout(ask, ASK_MS);
    };
    let timer = setTimeout(ask, 0);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, []);
  if (!away) return null;
  return (
    <p role="status" data-live="reconnecting" className="text-sm text-muted">
      The server can’t be reached. This page comes back by itself when it can.
    </p>
  );
}
