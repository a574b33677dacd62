import { authorise } from "@/lib/access/permissions.ts";
import { memberFromHeaders } from "@/lib/access/sign-in.ts";
import { type Notice, subscribe } from "@/lib/live/subscribe.ts";
import { handle } from "../_handler.ts";

const CHECK_MS = 5_000;
const encode = (text: string) => new TextEncoder().encode(text);

/** Server-sent events: which runs changed. Ends within ten seconds of the session's end. */
export const GET = handle(async ({ actor, request }) => {
  authorise(actor, "events.read");
  const { headers, signal } = request;
  let leave = () => {};
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const send = (notice: Notice) => {
        const { kind, ...data } = notice;
        controller.enqueue(encode(`event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`));
      };
      const stillSignedIn = setInterval(async () => {
        const member = await memberFromHeaders(headers).catch(() => null);
        if (signal.aborted) return;
        if (member) controller.enqueue(encode(": still here\n\n"));
        else close();
      }, CHECK_MS);
      let unsubscribe = () => {};
      const close = () => {
        leave();
        controller.close();
      };
      leave = () => {
        clearInterval(stillSignedIn);
        unsubscribe();
        signal.removeEventListener("abort", leave);
      };
      signal.addEventListener("abort", leave);
      controller.enqueue(encode("retry: 1000\n\n"));
      unsubscribe = await subscribe(send);
      send({ kind: "resync" });
    },
    cancel: () => leave(),
  });
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    },
  });
});
