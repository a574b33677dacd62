/** Why work in the background failed, by kind, with the figures of each. The sentences stand in `lib/words`. */
export type JobFailureFigures = {
  /** A sentence that was kept before failures had kinds. */
  "earlier-text": { text: string };
  /** So many workers died with it, or lost the database. */
  "workers-died": { workers: number };
  /** Nothing here does jobs of that kind. */
  "no-program": { job: string };
  "disk-full": Record<string, never>;
  "database-away": { attempts: number };
  /** What nobody foresaw, as the program said it. */
  unforeseen: { text: string };
};
export type JobFailure = {
  [Kind in keyof JobFailureFigures]: { kind: Kind; figures: JobFailureFigures[Kind] };
}[keyof JobFailureFigures];
