/** What a server learns of requests that failed. */

/** An error of a page: its boundary asks the health answer for the reason. */
export async function onRequestError(error: unknown): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { noteFullDisk } = await import("./lib/health.ts");
  noteFullDisk(error);
}
