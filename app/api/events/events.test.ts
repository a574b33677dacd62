import { expect, test } from "vitest";
import { endSession } from "@/lib/access/account.ts";
import { newMember, newProject, newRun, prepareWorkspace, TEST_ORIGIN } from "@/lib/test-workspace.ts";
import { GET } from "./route.ts";

prepareWorkspace();

async function open(cookie: string) {
  const request = new Request(`${TEST_ORIGIN}/api/events`, { headers: { cookie } });
  const response = await GET(request, { params: Promise.resolve({}) });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const heard = { text: "", over: false };
  const read = async (): Promise<void> => {
    const { value, done } = await reader.read();
    heard.text += value ?? "";
    heard.over = done;
    if (!done) await read();
  };
  return { heard, ended: read(), response };
}

test("the first browser of a server is told once to read anew", async () => {
  const { actor, cookie } = await newMember("viewer");
  const { heard, ended } = await open(cookie);
  const { run } = await newRun(await newProject());
  await expect.poll(() => heard.text).toContain(`"run":"${run.id}"`);
  expect(heard.text.match(/event: resync/g)).toHaveLength(1);
  await endSession(actor, actor.sessionId);
  await ended;
});

test("a signed-in browser hears of a run that changed, and is cut off within ten seconds of its session's end", async () => {
  const { actor, cookie } = await newMember("viewer");
  const { heard, ended, response } = await open(cookie);
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  await expect.poll(() => heard.text).toContain("event: resync");
  const { run } = await newRun(await newProject());
  await expect.poll(() => heard.text).toContain(`"run":"${run.id}"`);
  expect(heard.over).toBe(false);
  await endSession(actor, actor.sessionId);
  await expect.poll(() => heard.over, { timeout: 10_000 }).toBe(true);
  await ended;
});
