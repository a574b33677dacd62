/** A page that one web server shows, of a run whose points the other takes. */
import { KnownRun } from "../../../servers/known-points.ts";
import type { Shown, Stage } from "./stage.ts";

/** Then it is given up; how long it took is said. */
const GIVEN_UP_MS = 60_000;

/** In both directions: the stream of changes tells of the points, and the page that is read then has them. */
export async function watchAcross(stage: Stage): Promise<Shown[]> {
  const { servers, place } = stage;
  const run = await KnownRun.begin(place, 1, "seen across");
  const lines: Shown[] = [];
  for (const [taker, shower] of [
    [0, 1],
    [1, 0],
  ] as const) {
    servers.balancer.prefer(shower);
    const stream = await openStream(stage);
    servers.balancer.prefer(taker);
    const startedAt = Date.now();
    await run.sendBatch(0);
    const isHeard = await stream.hears(run.id);
    const tookMs = Date.now() - startedAt;
    stream.close();
    servers.balancer.prefer(shower);
    const shown = await pointsOnPage(stage, run);
    const words = `a page of web server ${shower + 1} heard of points that web server ${taker + 1} took ${tookMs} ms after they were sent, and shows all ${run.points}`;
    lines.push({ words, isSo: isHeard && shown === run.points });
  }
  await run.finish();
  return lines;
}

/** The stream of changes that a page has open. */
async function openStream({
  servers,
  cookie,
}: Stage): Promise<{ hears: (run: string) => Promise<boolean>; close: () => void }> {
  const closing = new AbortController();
  const answer = await fetch(`${servers.url}/api/events`, {
    headers: { cookie, connection: "close" },
    signal: AbortSignal.any([closing.signal, AbortSignal.timeout(GIVEN_UP_MS)]),
  });
  if (answer.status !== 200) throw new Error(`/api/events answered ${answer.status}: ${await answer.text()}`);
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let heard = "";
  const readUntil = async (words: string) => {
    while (!heard.includes(words)) {
      const next = await reader.read().catch(() => ({ done: true, value: "" }));
      if (next.done) return false;
      heard += next.value;
    }
    return true;
  };
  // it listens once it has said this
  await readUntil("event: resync");
  return { hears: readUntil, close: () => closing.abort() };
}

/** What the page's summary says of the run's series, as a browser without scripts reads it. */
async function pointsOnPage({ servers, place, cookie }: Stage, run: KnownRun): Promise<number> {
  const answer = await fetch(`${servers.url}/projects/${place.slug}/runs/${run.id}`, {
    headers: { cookie, connection: "close" },
  });
  const row = new RegExp(`data-series="${run.series[0]}" data-points="(\\d+)"`).exec(await answer.text());
  return Number(row?.[1] ?? 0);
}
