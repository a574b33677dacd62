/** How far along batch size, learning rate, optimizer and model a project is, and what a later choice made stale (D2). Pure. */
import type { StudyStage } from "../../wire/studies/parameters.ts";
import type { Study } from "../../wire/studies/studies.ts";

export const guidedStages = ["batch-size", "learning-rate", "optimizer", "model"] as const satisfies StudyStage[];
export type GuidedStage = (typeof guidedStages)[number];

/** What has to be settled anew once a stage is settled otherwise (RIGOUR D2; for the batch size P15). */
const dependents: Record<GuidedStage, readonly GuidedStage[]> = {
  "batch-size": ["learning-rate", "optimizer"],
  "learning-rate": [],
  optimizer: ["learning-rate"],
  model: ["batch-size", "learning-rate", "optimizer"],
};

type StudyLink = Pick<Study, "number" | "title" | "status" | "decision" | "approvedAt">;
export type StageStanding = {
  stage: GuidedStage;
  /** `settled`: something was adopted. `kept`: concluded, and the base stays. */
  status: "none" | "planned" | "open" | "settled" | "kept";
  /** What says so: the newest study of the stage, or the one that settled it. */
  evidence: StudyLink | null;
  /** The adopted choice that came later and made it stale; null: it holds. */
  staleBy: (StudyLink & { stage: GuidedStage }) | null;
  studies: number;
};

const isAdopted = ({ decision }: Study): boolean => decision !== null && decision !== "reject";
const linkOf = ({ number, title, status, decision, approvedAt }: Study): StudyLink => ({
  number,
  title,
  status,
  decision,
  approvedAt,
});

export function stagesOf(studies: readonly Study[]): StageStanding[] {
  const concluded = studies
    .filter(({ concludedAt }) => concludedAt !== null)
    .sort((a, b) => b.concludedAt!.localeCompare(a.concludedAt!) || b.number - a.number);
  return guidedStages.map((stage) => {
    const own = studies.filter((one) => one.stage === stage);
    const ended = concluded.filter((one) => one.stage === stage);
    const settledBy = ended.find(isAdopted) ?? ended[0];
    const newest = [...own].sort((a, b) => b.number - a.number)[0];
    const later = settledBy && concluded.find((one) => makesStale(one, settledBy, stage));
    return {
      stage,
      status: statusOf(own, settledBy),
      evidence: settledBy ? linkOf(settledBy) : newest ? linkOf(newest) : null,
      staleBy: later ? { ...linkOf(later), stage: later.stage as GuidedStage } : null,
      studies: own.length,
    };
  });
}

function makesStale(one: Study, settledBy: Study, stage: GuidedStage): boolean {
  const isLater = one.concludedAt! > settledBy.concludedAt!;
  return isLater && isAdopted(one) && one.stage !== "other" && dependents[one.stage].includes(stage);
}

function statusOf(own: readonly Study[], settledBy: Study | undefined): StageStanding["status"] {
  if (own.some(({ status }) => status === "open" || status === "paused")) return "open";
  if (settledBy) return isAdopted(settledBy) ? "settled" : "kept";
  return own.length > 0 ? "planned" : "none";
}
