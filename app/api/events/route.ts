import { authorise, reaches } from "@/lib/access/permissions.ts";
import { memberFromHeaders } from "@/lib/access/sign-in.ts";
import { subscribe } from "@/lib/live/subscribe.ts";
import { type Notice, writeNoticeEvent } from "@/lib/wire/notice.ts";
import { handle } from "../_handler.ts";

const CHECK_MS = 5_000;

/** Server-sent events: which runs changed. Ends within ten seconds of the session's end. */
export const GET = handle(async ({ actor, request }) => {
  authorise(actor, "events.read");
  const { headers, signal } = request;
  let over = false;
  let leave = () => {};
  let asker = actor;
  const { readable, send, close } = eventStream(() => end());
  const unsubscribe = await subscribe((notice) => {
    if (notice.kind === "resync" || reaches(asker, notice.project)) send(notice);
  });
  const watch = setInterval(async () => {
    const member = await memberFromHeaders(headers).catch(() => null);
    if (over) return;
    if (!member) return end();
    asker = member;
    send(null);
  }, CHECK_MS);
  leave = () => {
    clearInterval(watch);
    unsubscribe();
  };
  function end() {
    if (over) return;
    over = true;
    leave();
    close();
  }
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  else send({ kind: "resync" });
  return new Response(readable, {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    },
  });
});

/** A body to which notices are written as events, null as a comment that keeps the connection. */
function eventStream(cancel: () => void) {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  const readable = new ReadableStream<Uint8Array>({
    start: (made) => {
      controller = made;
    },
    cancel: () => {
      controller = null;
      cancel();
    },
  });
  const write = (text: string) => controller?.enqueue(encoder.encode(text));
  const send = (notice: Notice | null) => {
    write(notice === null ? ": still here\n\n" : writeNoticeEvent(notice));
  };
  const close = () => {
    controller?.close();
    controller = null;
  };
  write("retry: 1000\n\n");
  return { readable, send, close };
}
