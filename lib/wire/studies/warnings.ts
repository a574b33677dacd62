/** What the tuning playbook says of a plan before anything is trained: kinds and figures, of which the sentences are made. */

/** What a study must name before it can begin (P1). */
export const gateItems = ["metric", "direction", "split", "manifest"] as const;
export type GateItem = (typeof gateItems)[number];

type Seen = {
  /** Of what P1 asks for. */
  gate: { missing: GateItem[] };
  "nothing-searched": Record<never, never>;
  "many-optimizer-settings": { parameters: string[]; trials: number };
  "batch-for-validation": { parameter: string; metric: string };
  /** `uncovered`: values under which no learning rate is searched, while others have one. */
  "rate-fixed": { scientific: string[]; uncovered: string[] };
  "decay-fixed": { scientific: string[] };
  "many-scientific": { parameters: string[] };
  /** Trials a value of what is scientific. */
  "few-a-value": { trials: number; values: number; perValue: number };
  /** N^(1/d): how many different values each of d axes gets. */
  "few-an-axis": { trials: number; dimensions: number; perAxis: number };
  "length-searched": { parameter: string };
  "adam-settings": { beyond: string[]; allowed: string[]; trials: number };
  "grid-of-many": { dimensions: number; points: number | null; trials: number };
  "random-while-exploring": { method: "random" | "tpe" | "gaussian-process" };
  /** `isMore`: it grew. `retune`: keys of the base that the parent tuned for its own batch size. */
  "batch-of-parent": { from: number; to: number; isMore: boolean; retune: string[] };
  accumulation: { key: string; steps: number | null };
};

export type PlanWarningKind = keyof Seen;
export type PlanWarning = { [Kind in PlanWarningKind]: { kind: Kind } & Seen[Kind] }[PlanWarningKind];
export type PlanWarningOf<Kind extends PlanWarningKind> = Seen[Kind];

/**
 * `stop`: the study can't be opened so. `block`: only with a written reason. `warning`: think again. `note`: good to know.
 */
export type WarningGravity = "stop" | "block" | "warning" | "note";

/** The rule of the tuning playbook that a warning comes from, and how grave it is. */
export const warningRules: Record<PlanWarningKind, { rule: string; gravity: WarningGravity }> = {
  gate: { rule: "P1", gravity: "stop" },
  "nothing-searched": { rule: "P22", gravity: "stop" },
  "many-optimizer-settings": { rule: "P5", gravity: "warning" },
  "batch-for-validation": { rule: "P6", gravity: "block" },
  "rate-fixed": { rule: "P24", gravity: "warning" },
  "decay-fixed": { rule: "P24", gravity: "warning" },
  "many-scientific": { rule: "P22", gravity: "warning" },
  "few-a-value": { rule: "P27", gravity: "warning" },
  "few-an-axis": { rule: "P27", gravity: "warning" },
  "length-searched": { rule: "P48", gravity: "block" },
  "adam-settings": { rule: "P72", gravity: "warning" },
  "grid-of-many": { rule: "P73", gravity: "warning" },
  "random-while-exploring": { rule: "P73", gravity: "note" },
  "batch-of-parent": { rule: "P15, P84", gravity: "warning" },
  accumulation: { rule: "P10", gravity: "note" },
};

export const gravityOf = ({ kind }: Pick<PlanWarning, "kind">): WarningGravity => warningRules[kind].gravity;
