import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Notice } from "@/lib/wire/notice.ts";
import { onNotice } from "./live-events.ts";

const run = "01a228d3-a65b-70b0-ada0-3c8cfecf2ab9";
const project = "01a228d3-a611-70d6-bd9f-48cfc5e60301";

/** The browser's stream, as far as a page knows it; node has none. */
class Stream extends EventTarget {
  static opened: Stream[] = [];
  readonly readyState = 1;
  constructor() {
    super();
    Stream.opened.push(this);
  }
  send(kind: string, data: string): void {
    this.dispatchEvent(new MessageEvent(kind, { data }));
  }
  close(): void {}
}

beforeEach(() => {
  vi.stubGlobal("EventSource", Stream);
  // as of a page without TLS: it holds a stream of its own
  vi.stubGlobal("navigator", {});
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("what is no notice is said and ignored, from the server and from another tab, and the next one is heard", async () => {
  const said = vi.spyOn(console, "warn").mockImplementation(() => {});
  const heard: Notice[] = [];
  const leave = onNotice((notice) => heard.push(notice));
  const other = new BroadcastChannel("holdout-events");
  const stream = Stream.opened.at(-1)!;
  stream.send("run", "{");
  stream.send("run", JSON.stringify({ run: 7 }));
  for (const message of [null, "text", { kind: "run" }, { kind: "state", state: "elsewhere" }, { kind: "new" }])
    other.postMessage(message);
  other.postMessage({ kind: "run", run, project });
  await expect.poll(() => heard).toEqual([{ kind: "run", run, project }]);
  stream.send("resync", "{}");
  stream.send("run", JSON.stringify({ run, project }));
  expect(heard.slice(1)).toEqual([{ kind: "resync" }, { kind: "run", run, project }]);
  expect(said.mock.calls).toHaveLength(6);
  other.close();
  leave();
});
