/** The run that a client says a run is part of. Pure. */
import { uuidOf } from "./words/ids.ts";

/** Its id as ours are; null: none is named, or none that can be one of ours. */
export function parentOf(tags: readonly { key: string; value: string }[]): string | null {
  const named = tags.find(({ key }) => key === "mlflow.parentRunId");
  return named ? uuidOf(named.value) : null;
}
