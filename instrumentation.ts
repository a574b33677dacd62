/** What a server does by itself from its start: the clock by which silent runs are lost. */

const TICK_MS = 5_000;

export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { markLostRuns } = await import("./lib/runs/status.ts");
  const tick = () =>
    markLostRuns().catch((error: unknown) => console.error("holdout: the clock missed a tick:", String(error)));
  await tick();
  setInterval(() => void tick(), TICK_MS).unref();
}
