"use client";
/** What a component alone knows of the page's state, kept in the address without asking the server. */
import { useEffect, useLayoutEffect, useRef } from "react";

const PAUSE_MS = 300;

/**
 * Writes `state` into the address a moment after it changed, as browsers refuse a change for every pixel of a slider,
 * and again after a navigation or a refresh put the router's own address there.
 */
export function useAddress<State>(state: State, write: (state: State, query: URLSearchParams) => void): void {
  const written = useRef(state);
  useLayoutEffect(() => put(written.current, write));
  useEffect(() => {
    const timer = setTimeout(() => {
      written.current = state;
      put(state, write);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [state, write]);
}

function put<State>(state: State, write: (state: State, query: URLSearchParams) => void): void {
  const next = new URL(window.location.href);
  write(state, next.searchParams);
  // with the router's own state it takes the change for its own; a change that it hears of would break off a navigation
  if (next.href !== window.location.href) window.history.replaceState(window.history.state, "", next);
}
