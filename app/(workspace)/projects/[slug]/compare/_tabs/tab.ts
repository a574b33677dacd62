/** What every tab of a comparison is given. */
import type { ComponentType } from "react";
import type { MemberActor } from "@/lib/access/actor.ts";
import type { ComparedFacts } from "@/lib/compare/comparison.ts";
import type { Project } from "@/lib/wire/projects.ts";
import type { CompareState, SearchParams } from "./compare-address.ts";

export type CompareTabProps = {
  member: MemberActor;
  project: Project;
  facts: ComparedFacts;
  state: CompareState;
  /** The whole address, of which a tab may keep a part for itself. */
  params: SearchParams;
};

export type CompareTab = {
  name: string;
  label: string;
  Tab: ComponentType<CompareTabProps>;
};
