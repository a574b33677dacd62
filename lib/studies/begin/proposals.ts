/** The study that a flag of another proposes. Pure. */
import type { Config } from "../../wire/base/config.ts";
import { parameterName, type StudyParameter } from "../../wire/studies/parameters.ts";
import type { Study, StudyPlan } from "../../wire/studies/studies.ts";
import { categoryOf, leavesOf, suggestParameter } from "../categories.ts";
import { configOf } from "../plan.ts";
import { planOf } from "../studies.ts";

/** What a study that follows may do otherwise than the one before. */
export const proposals = ["follow", "wider", "refine", "longer", "more-trials", "more-seeds", "tune-rate"] as const;
export type Proposal = (typeof proposals)[number];

type Ask = (name: string) => string;

/** The plan of a study that goes on from `parent`, whose choice is `chosen`; `ask` answers by name what the address holds. */
export function planOfProposal(parent: Study, chosen: Config, ask: Ask): StudyPlan {
  const proposal = proposals.find((one) => one === ask("propose")) ?? "follow";
  const begun: StudyPlan = { ...planOf(parent), parent: parent.id, base: chosen, hypothesis: "", title: "" };
  const made = changes[proposal](begun, ask);
  return { ...made, title: `${parent.title}, ${titles[proposal](ask)}`.slice(0, 200) };
}

const titles: Record<Proposal, (ask: Ask) => string> = {
  follow: () => "continued",
  wider: (ask) => `wider in ${ask("parameter")}`,
  refine: () => "refined",
  longer: () => "trained longer",
  "more-trials": () => "with more trials",
  "more-seeds": () => "with more seeds",
  "tune-rate": () => "with the learning rate tuned",
};

const changes: Record<Proposal, (plan: StudyPlan, ask: Ask) => StudyPlan> = {
  follow: (plan) => ({ ...plan, space: [] }),
  wider: (plan, ask) => ({
    ...plan,
    space: plan.space.map((one) => (parameterName(one) === ask("parameter") ? widened(one, ask("edge")) : one)),
  }),
  refine: (plan) => ({
    ...plan,
    mode: "exploit",
    search: { ...plan.search, method: "gaussian-process" },
    space: plan.space.map((one) => narrowed(one, plan.base)),
  }),
  longer: (plan) => ({
    ...plan,
    stepsBudget: plan.stepsBudget === null ? null : plan.stepsBudget * 2,
    base: plan.stepsBudget === null ? lengthened(plan.base) : plan.base,
  }),
  "more-trials": (plan) => ({
    ...plan,
    trialsBudget: plan.trialsBudget * 2,
    search: { ...plan.search, seed: plan.search.seed + 1 },
  }),
  "more-seeds": (plan) => ({ ...plan, replicates: Math.max(3, plan.replicates) }),
  "tune-rate": (plan) => ({ ...plan, space: [...plan.space, ...rateOf(plan)] }),
};

/** Ten times as far beyond the end that the best lies at (P29); a linear range by its own width. */
function widened(parameter: StudyParameter, edge: string): StudyParameter {
  if (parameter.kind === "categorical") return parameter;
  const { low, high, scale } = parameter;
  const width = high - low;
  const [below, above] = scale === "log" ? [low / 10, high * 10] : [low - width, high + width];
  const rounded = (value: number) => (parameter.kind === "integer" ? Math.round(value) : Number(value.toPrecision(12)));
  // a count or a share doesn't become less than nothing
  const floor = low >= 0 ? Math.max(below, scale === "log" ? Number.MIN_VALUE : 0) : below;
  return edge === "low"
    ? { ...parameter, low: parameter.kind === "integer" ? Math.max(low > 0 ? 1 : 0, rounded(floor)) : rounded(floor) }
    : { ...parameter, high: rounded(above) };
}

/** A third of the range around what was chosen, by factors where it is searched so. */
function narrowed(parameter: StudyParameter, chosen: Config): StudyParameter {
  const value = leavesOf(chosen).find(({ path }) => path === parameter.path)?.value;
  if (parameter.kind === "categorical" || typeof value !== "number") return parameter;
  const { low, high, scale } = parameter;
  const [from, to] = scale === "log" ? [Math.log(low), Math.log(high)] : [low, high];
  const at = scale === "log" ? Math.log(value) : value;
  const back = (one: number) => Number((scale === "log" ? Math.exp(one) : one).toPrecision(3));
  const [first, last] = [Math.max(from, at - (to - from) / 6), Math.min(to, at + (to - from) / 6)].map(back) as [
    number,
    number,
  ];
  if (parameter.kind === "float") return { ...parameter, low: first, high: last };
  const whole = { low: Math.floor(first), high: Math.ceil(last) };
  return whole.low < whole.high ? { ...parameter, ...whole } : parameter;
}

/** Twice as long, by the first key of the base that says how long. */
function lengthened(base: Config): Config {
  const found = leavesOf(base).find(({ path, value }) => categoryOf(path) === "length" && typeof value === "number");
  if (!found) return base;
  return configOf(base, [suggestParameter(found)], { [found.path]: Number(found.value) * 2 });
}

/** The learning rate as a nuisance parameter, where the base has one and nothing searches it. */
function rateOf({ base, space }: StudyPlan): StudyParameter[] {
  const isRate = ({ path }: { path: string }) => categoryOf(path) === "learning-rate";
  const found = leavesOf(base).find(isRate);
  return found && !space.some(isRate) ? [suggestParameter(found)] : [];
}
