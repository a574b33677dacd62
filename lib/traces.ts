/**
 * What a trace tells of: requests, jobs, and the statements of both without their values. Nothing is told and nothing is
 * loaded unless somebody set a tracer (bin/serve/traces.ts). Next's own spans are not: they name addresses, which may be secrets.
 */
import { AsyncLocalStorage } from "node:async_hooks";

export type SpanAttributes = Record<string, string | number>;

/** A piece of work that has begun. */
export type Span = {
  set: (attributes: SpanAttributes) => void;
  /** Ends it; `error` makes it one that failed. */
  end: (error?: unknown) => void;
};

export type NewSpan = {
  name: string;
  kind: "server" | "client" | "internal";
  attributes: SpanAttributes;
  /** The work that it is part of; a text: a caller's `traceparent` (W3C Trace Context); null: of none. */
  parent: Span | string | null;
};

type Tracer = (span: NewSpan) => Span;

// one a thread, also where a bundler loads this module more than once
const cache = globalThis as {
  holdoutTracer?: Tracer;
  holdoutSpan?: AsyncLocalStorage<Span>;
  /** Asked by db/connection.ts at each statement; what it returns is called at its end. */
  holdoutStatement?: (text: string) => ((error?: unknown) => void) | undefined;
};

/** From now on spans go to `tracer`. */
export function setTracer(tracer: Tracer): void {
  cache.holdoutTracer = tracer;
  cache.holdoutSpan = new AsyncLocalStorage();
  cache.holdoutStatement = (text) => {
    const parent = cache.holdoutSpan?.getStore();
    // what a server does by itself all the time, such as to look for jobs, is no part of a trace
    if (!parent) return undefined;
    const attributes = { "db.system.name": "postgresql", "db.query.text": text.slice(0, TEXT_MAX) };
    const name = /^\s*(\w+)/.exec(text)?.[1]?.toUpperCase() ?? "statement";
    return tracer({ name, kind: "client", attributes, parent }).end;
  };
}

const TEXT_MAX = 2_000;

/** Begins a span; null: nobody traces. */
export const beginSpan = (span: NewSpan): Span | null => cache.holdoutTracer?.(span) ?? null;

/** Does `work` as a part of the span. */
export const duringSpan = <Result>(span: Span | null, work: () => Result): Result =>
  span && cache.holdoutSpan ? cache.holdoutSpan.run(span, work) : work();
