/** The bytes of a long answer as they come, for what no memory should hold whole. */
import { readAnswer, Unreachable } from "../../../lib/sending/answers.ts";
import type { Target } from "./http.ts";

/** Asks once. Throws `Refused` or `Unreachable` as any request does, also where the line breaks on the way. */
export async function* openStream(target: Target, path: string): AsyncGenerator<Uint8Array> {
  const away = (cause: unknown) => new Unreachable(`${target.url} doesn't answer, or broke off`, null, { cause });
  const headers = { authorization: `Bearer ${target.token}` };
  const response = await fetch(target.url + path, { headers }).catch((cause: unknown) => {
    throw away(cause);
  });
  const { status, statusText } = response;
  if (!response.ok) {
    const retryAfter = response.headers.get("retry-after");
    readAnswer(target.url, `GET ${path}`, { status, statusText, retryAfter, text: await response.text() });
  }
  const pieces = (response.body ?? new ReadableStream()).getReader() as ReadableStreamDefaultReader<Uint8Array>;
  try {
    for (;;) {
      const piece = await pieces.read().catch((cause: unknown) => {
        throw away(cause);
      });
      if (piece.done) return;
      yield piece.value;
    }
  } finally {
    await pieces.cancel().catch(() => undefined);
  }
}
