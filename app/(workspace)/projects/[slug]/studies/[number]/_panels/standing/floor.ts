import { cache } from "react";
import { readNoiseFloor } from "@/lib/studies/noise-floor.ts";
import { comparisonsOf, type Family } from "@/lib/studies/standing/comparisons.ts";
import type { PanelProps } from "../frame/panel.ts";

const floorOnce = cache(async (member: PanelProps["member"], project: string, study: PanelProps["study"]) =>
  readNoiseFloor(member, project, study.objective, study.manifest),
);

/** The project's noise floor for the study's objective, read once for all panels. */
export const floorOf = ({ member, project, study }: Pick<PanelProps, "member" | "project" | "study">) =>
  floorOnce(member, project.id, study);

/** The pairs that are compared, by that floor where seeds lack. */
export const familyOf = async (props: PanelProps): Promise<Family> =>
  comparisonsOf(props.review.facts, await floorOf(props));
