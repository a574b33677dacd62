/** The studies that a study's base came from, each with what it adopted. */
import type { Actor } from "../../access/actor.ts";
import type { Study } from "../../wire/studies/studies.ts";
import { type AdoptedRun, readAdoptedRuns } from "../adopted.ts";
import type { Ancestor } from "../facts/facts.ts";
import { configOf } from "../plan.ts";
import { configurationsOf, readResults } from "../results.ts";
import { listStudies } from "../studies.ts";

const ANCESTORS_MAX = 20;

/** The oldest first, the nearest 20. */
export async function readAncestors(actor: Actor, project: { id: string }, study: Study): Promise<Ancestor[]> {
  if (study.parent === null) return [];
  const byId = new Map((await listStudies(actor, project.id)).map((one) => [one.id, one]));
  const line: Study[] = [];
  for (let at = byId.get(study.parent); at && line.length < ANCESTORS_MAX; at = byId.get(at.parent ?? ""))
    line.unshift(at);
  const adopted = await readAdoptedRuns(line.filter(({ chosenRun }) => chosenRun !== null).map(({ id }) => id));
  return Promise.all(line.map((one) => toAncestor(one, adopted.get(one.id))));
}

async function toAncestor(study: Study, adopted: AdoptedRun | undefined): Promise<Ancestor> {
  const { number, title, stage, base, space, objective, manifest, stepsBudget, decision } = study;
  const told = { number, title, stage, base, space, objective, manifest, stepsBudget, decision };
  if (adopted) return { ...told, chosen: { number: null, ...adopted } };
  if (study.chosenTrial === null) return { ...told, chosen: null };
  const configurations = configurationsOf(await readResults(study.id, objective));
  const chosen = configurations.find(({ trials }) => trials.some(({ id }) => id === study.chosenTrial));
  if (!chosen) return { ...told, chosen: null };
  const config = configOf(base, space, chosen.values);
  return { ...told, chosen: { number: chosen.number, config, results: chosen.results } };
}
