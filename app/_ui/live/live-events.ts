/**
 * The browser's one stream of events: its tabs elect a leader by a Web Lock, which holds the EventSource and passes on
 * what comes. A notice is a hint that carries no data: whoever shows the run reads it anew by the usual route.
 */
import { eventsApi } from "@/app/paths.ts";

import {
  type Notice,
  type NoticeKind,
  type NoticeReading,
  noticeFields,
  readNotice,
  readNoticeEvent,
} from "@/lib/wire/notice.ts";

const liveStates = ["connecting", "live", "reconnecting"] as const;
/** Whether changes reach this tab at present. */
export type LiveState = (typeof liveStates)[number];
/** What the tabs tell each other. `hello`: a tab that is new asks the leader for its state, which says that it answers. */
type TabMessage = Notice | { kind: "state"; state: LiveState; answers?: true } | { kind: "hello" };

const NAME = "holdout-events";
const RETRY_MS = 2_000;
/** How long a page without listeners keeps the stream: the next page of a visit takes it over. */
const LINGER_MS = 3_000;

const listeners = new Set<(notice: Notice) => void>();
const stateListeners = new Set<() => void>();
let state: LiveState = "connecting";
let leave: (() => void) | null = null;

export const liveState = () => state;

export function onLiveState(listener: () => void): () => void {
  stateListeners.add(listener);
  return () => void stateListeners.delete(listener);
}

/**
 * Calls `listener` for each notice until the returned function is called. Where the stream is open already it is told
 * to read anew at once: what changed since its page was read, and before it listened, was missed.
 */
export function onNotice(listener: (notice: Notice) => void): () => void {
  listeners.add(listener);
  leave ??= join();
  if (state === "live") queueMicrotask(() => listeners.has(listener) && listener({ kind: "resync" }));
  return () => {
    listeners.delete(listener);
    setTimeout(() => {
      if (listeners.size > 0) return;
      leave?.();
      leave = null;
    }, LINGER_MS);
  };
}

function setState(next: LiveState) {
  if (state === next) return;
  state = next;
  for (const listener of stateListeners) listener();
}

function announce(notice: Notice) {
  for (const listener of listeners) listener(notice);
}

function join(): () => void {
  const over = new AbortController();
  const channel = new BroadcastChannel(NAME);
  const tell = (word: TabMessage) => channel.postMessage(word);
  let leads = false;
  const hear = (word: TabMessage) => {
    if (word.kind === "hello") return leads && tell({ kind: "state", state, answers: true });
    if (word.kind === "state") {
      const joined = word.answers && word.state === "live" && state !== "live";
      setState(word.state);
      // what came before this tab heard of the stream was missed; a stream that opens says so itself, to every tab
      return joined && announce({ kind: "resync" });
    }
    announce(word);
  };
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    const message = readTabMessage(data);
    if (message) hear(message);
  };
  over.signal.addEventListener("abort", () => channel.close());
  const lead = () => {
    leads = true;
    return stream(over.signal, (word) => {
      tell(word);
      hear(word);
    });
  };
  tell({ kind: "hello" });
  // browsers give no locks to a page served without TLS from another machine: each tab then has a stream of its own
  if (navigator.locks === undefined) void lead();
  else
    navigator.locks.request(NAME, { signal: over.signal }, lead).catch((error: unknown) => {
      if (!over.signal.aborted) throw error;
    });
  return () => {
    over.abort();
    setState("connecting");
  };
}

/** What is no notice is said in the console and ignored: the next one, or a reconnect, makes it good. */
function noticeIn(reading: NoticeReading): Notice | null {
  if ("notice" in reading) return reading.notice;
  console.warn(`holdout: ignored: ${reading.reason}`);
  return null;
}

/** What another tab says, which may be of another version of the page; null where this one can't read it. */
function readTabMessage(value: unknown): TabMessage | null {
  const { kind, state: told, answers } = (value ?? {}) as Record<string, unknown>;
  if (kind === "hello") return { kind };
  if (kind !== "state") return noticeIn(readNotice(value));
  const known = liveStates.find((one) => one === told);
  return known ? { kind, state: known, ...(answers === true ? { answers } : {}) } : null;
}

/** Holds the EventSource until `over`; opens it again whenever it has closed for good. */
function stream(over: AbortSignal, say: (word: TabMessage) => void): Promise<void> {
  return new Promise((resolve) => {
    let source: EventSource | null = null;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      source = new EventSource(eventsApi);
      source.onopen = () => say({ kind: "state", state: "live" });
      source.onerror = () => {
        say({ kind: "state", state: "reconnecting" });
        // a browser tries again by itself after a broken connection, and never after an answer that was no stream
        if (source?.readyState === EventSource.CLOSED) retry = setTimeout(open, RETRY_MS);
      };
      for (const kind of Object.keys(noticeFields) as NoticeKind[])
        source.addEventListener(kind, ({ data }: MessageEvent<string>) => {
          const notice = noticeIn(readNoticeEvent(kind, data));
          if (notice) say(notice);
        });
    };
    const end = () => {
      clearTimeout(retry);
      source?.close();
      resolve();
    };
    if (over.aborted) return end();
    over.addEventListener("abort", end, { once: true });
    open();
  });
}
