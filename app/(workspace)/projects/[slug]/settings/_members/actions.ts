"use server";
import { act } from "@/app/_ui/acts/action.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { setProjectRole } from "@/lib/access/project-roles.ts";
import type { ProjectRole } from "@/lib/wire/base/words.ts";

/** `place`: a project and a member, by id. `kept`: ids of the member's tokens that go on, where others are revoked. */
export const setProjectRoleAction = async (
  place: { project: string; member: string },
  role: ProjectRole,
  kept: string[],
): Promise<ActionOutcome> => act((member) => setProjectRole(member, place?.project, place?.member, role, kept));
