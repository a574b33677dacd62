/** What the tuning playbook says of a plan, for people: sentences of kinds and figures. Pure. */
import { type GateItem, gravityOf, type PlanWarning, warningRules } from "../../wire/studies/warnings.ts";
import * as sentences from "./sentences.ts";

export const warningTitle = ({ kind }: Pick<PlanWarning, "kind">): string => sentences.planWarnings[kind].title;

/** What was seen, why it matters and what to do. */
export const warningDetail = (warning: PlanWarning): string =>
  (sentences.planWarnings[warning.kind].detail as (seen: PlanWarning) => string)(warning);

export const warningRule = ({ kind }: Pick<PlanWarning, "kind">): string => warningRules[kind].rule;
export const gravityWords = (warning: Pick<PlanWarning, "kind">): string => sentences.gravities[gravityOf(warning)];
export const gateWords = (item: GateItem): string => sentences.gateItems[item];
