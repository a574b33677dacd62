"use server";
import { act, textOf } from "@/app/_ui/acts/action.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { createInvitation, revokeInvitation } from "@/lib/access/links.ts";
import { changeRole, disableMember, enableMember, removeMember } from "@/lib/access/members.ts";
import type { Role } from "@/lib/wire/base/words.ts";

/** `kept`: ids of the member's tokens that go on, where others are revoked. */
export const changeRoleAction = async (memberId: string, role: Role, kept: string[]): Promise<ActionOutcome> =>
  act((member) => changeRole(member, memberId, role, kept));

export const removeMemberAction = async (memberId: string, kept: string[]): Promise<ActionOutcome> =>
  act((member) => removeMember(member, memberId, kept));

export const disableMemberAction = async (memberId: string, kept: string[]): Promise<ActionOutcome> =>
  act((member) => disableMember(member, memberId, kept));

export const enableMemberAction = async (memberId: string): Promise<ActionOutcome> =>
  act((member) => enableMember(member, memberId));

export type NewInvitation = { url: string; expiresAt: string };

/** The link is in this answer and nowhere else. */
export async function inviteAction(
  _previous: ActionOutcome<NewInvitation> | null,
  form: FormData,
): Promise<ActionOutcome<NewInvitation>> {
  return act((member) =>
    createInvitation(member, {
      email: textOf(form, "email").trim() || null,
      role: textOf(form, "role") as Role,
      leadsTo: textOf(form, "leadsTo"),
    }),
  );
}

export const revokeInvitationAction = async (id: string): Promise<ActionOutcome> =>
  act((member) => revokeInvitation(member, id));
