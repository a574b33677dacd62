/** Work in a process of its own: one question, one answer. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { root } from "../db/root.ts";

/** `bench/<program>` is told `question`; returns what it answers. Throws what it throws, and ends it either way. */
export async function askChild<Answer>(program: string, question: object): Promise<Answer> {
  const child = spawn(process.execPath, ["--import", "tsx", `bench/processes/${program}`], {
    cwd: root,
    // a training whose server is down says so, which is why it is down
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  try {
    child.send(question);
    const ended = once(child, "exit").then(([code, signal]) => [
      { error: `bench/${program} ended: ${signal ?? code}` },
    ]);
    const [message] = (await Promise.race([once(child, "message"), ended])) as [{ answer: Answer } | { error: string }];
    if ("error" in message) throw new Error(message.error);
    return message.answer;
  } finally {
    child.kill("SIGKILL");
  }
}

/** The other end of `askChild`. */
export function answer<Question>(work: (question: Question) => Promise<object>): void {
  process.once("message", (question: Question) => {
    work(question).then(
      (done) => process.send?.({ answer: done }),
      (error: unknown) => process.send?.({ error: error instanceof Error ? error.stack : String(error) }),
    );
  });
}
