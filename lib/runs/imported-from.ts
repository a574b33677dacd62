/** Where an imported run comes from, by what its import wrote into its environment. Pure. */

/** As people call them, by the first word of an import's entries. */
const sources = {
  // before the others, whose entries a run keeps that was imported there
  holdout: "another Holdout",
  mlflow: "MLflow",
  tensorboard: "TensorBoard",
  wandb: "Weights & Biases",
  neptune: "Neptune",
  table: "a table",
} as const;

export type RunOrigin = {
  /** Its name. */
  source: string;
  /** What the source calls the run. */
  run: string;
  /** Null: the source doesn't say. */
  user: string | null;
  /** ISO 8601, by the source's clock. */
  startedAt: string | null;
  endedAt: string | null;
  /** The last that it logged, where nobody says when it ended. */
  lastAt: string | null;
};

/** Null for a run that no import brought. Of one that was imported twice, what brought it here last. */
export function importedFrom(environment: Readonly<Record<string, string>>): RunOrigin | null {
  const kinds = Object.keys(sources) as (keyof typeof sources)[];
  const kind = kinds.find((one) => environment[`${one} run`] !== undefined);
  if (kind === undefined) return null;
  const word = (name: string): string | null => environment[`${kind} ${name}`] ?? null;
  const time = (...names: string[]): string | null =>
    names.map(word).find((text) => text !== null && !Number.isNaN(Date.parse(text))) ?? null;
  return {
    source: sources[kind],
    run: word("run")!,
    user: word("user"),
    startedAt: time("started"),
    endedAt: time("ended"),
    lastAt: time("last point", "last event"),
  };
}
