/** The order of a history, and what changes from one of its studies to the next. Pure. */
import { isDifferent, pairConfigs } from "../runs/config-differences.ts";
import type { Scalar } from "../runs/flatten.ts";
import type { Config } from "../wire/base/config.ts";
import type { HistoryChange } from "../wire/reviews/history.ts";

/** Each behind what it follows from, by number; what follows from nothing that is there begins. With its depth. */
export function inOrder<Study extends { id: string; parentId: string | null; number: number }>(
  studies: readonly Study[],
): { study: Study; depth: number }[] {
  const byNumber = studies.toSorted((a, b) => a.number - b.number);
  const known = new Set(studies.map(({ id }) => id));
  const placed = new Set<string>();
  const order: { study: Study; depth: number }[] = [];
  const place = (study: Study, depth: number) => {
    if (placed.has(study.id)) return;
    placed.add(study.id);
    order.push({ study, depth });
    for (const next of byNumber) if (next.parentId === study.id) place(next, depth + 1);
  };
  for (const study of byNumber) if (study.parentId === null || !known.has(study.parentId)) place(study, 0);
  // a circle, which only a fault could have made, is shown all the same
  for (const study of byNumber) place(study, 0);
  return order;
}

/** What a study stands on or hands on. */
export type State = { config: Config; manifest: string | null; objective: string };

const textOf = (value: Scalar | undefined): string | null => (value === undefined ? null : JSON.stringify(value));

export function changesOf(from: State, to: State): HistoryChange[] {
  const beside: HistoryChange[] = [];
  if (from.manifest !== to.manifest) beside.push({ what: "manifest", from: from.manifest, to: to.manifest });
  if (from.objective !== to.objective) beside.push({ what: "objective", from: from.objective, to: to.objective });
  const config = pairConfigs(to.config, from.config)
    .filter(isDifferent)
    .map(({ key, own, other }) => ({ what: key, from: textOf(other), to: textOf(own) }));
  return [...beside, ...config];
}
