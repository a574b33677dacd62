/** Which role each key of the base has in a study, and for what its conclusion holds. Pure. */
import type { StudyValue } from "../../wire/studies/parameters.ts";
import type { Study } from "../../wire/studies/studies.ts";
import { categoryOf, leavesOf } from "../categories.ts";

export type FixedKey = { path: string; value: StudyValue };
export type Roles = {
  scientific: Study["space"];
  nuisance: Study["space"];
  /** Keys of the base that no parameter changes, those first that the playbook knows. */
  fixed: FixedKey[];
};

/** Keys that say which run it was, not what was trained. */
const noCaveat = new Set(["seed"]);

export function rolesOf({ space, base }: Pick<Study, "space" | "base">): Roles {
  const searched = new Set(space.map(({ path }) => path));
  const fixed = leavesOf(base).filter(({ path }) => !searched.has(path) && !noCaveat.has(categoryOf(path)));
  const known = fixed.filter(({ path }) => categoryOf(path) !== "other");
  return {
    scientific: space.filter(({ role }) => role === "scientific"),
    nuisance: space.filter(({ role }) => role === "nuisance"),
    fixed: [...known, ...fixed.filter((one) => !known.includes(one))],
  };
}
