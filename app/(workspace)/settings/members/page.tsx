import type { Metadata } from "next";
import { currentMember } from "@/app/_session.ts";
import { RoleSelect } from "@/app/_ui/domain/members/role-select.tsx";
import { ActButton } from "@/app/_ui/overlays/act-button.tsx";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { Section } from "@/app/_ui/parts/section.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { type LeftBehind, listLeftBehind, lostWith } from "@/lib/access/left-behind.ts";
import { type Invitation, listInvitations } from "@/lib/access/links.ts";
import { listMembers, type Member } from "@/lib/access/members.ts";
import { can } from "@/lib/access/permissions.ts";
import { roles } from "@/lib/wire/base/words.ts";
import { changeRoleAction, enableMemberAction, revokeInvitationAction } from "./actions.ts";
import { DisableMember } from "./disable-member.tsx";
import { Invite } from "./invite.tsx";
import { RemoveMember } from "./remove-member.tsx";

export const metadata: Metadata = { title: "Members" };

export default async function MembersPage() {
  const member = await currentMember();
  const canManage = can(member, "members.manage");
  const members = await listMembers(member);
  const invitations = canManage ? await listInvitations(member) : [];
  const left = canManage ? await listLeftBehind(member) : null;
  return (
    <>
      <PageHeader title="Members" actions={canManage && <Invite />} />
      <div className="relative overflow-x-auto">
        <table className="table bleed">
          <thead>
            <tr>
              <th>Name</th>
              <th className="max-md:hidden">E-mail</th>
              <th className="max-md:hidden">Joined</th>
              <th>Role</th>
              {canManage && (
                <th>
                  <span className="sr-only">Disable or remove</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {members.map((row) => (
              <MemberTableRow
                key={row.id}
                member={row}
                isSelf={row.id === member.id}
                left={left && (left.get(row.id) ?? nothing)}
              />
            ))}
          </tbody>
        </table>
      </div>
      <p className="max-w-160 px-4 py-4 text-xs text-muted md:px-6">
        Viewers read everything. Members also make projects and tokens, log, edit and delete runs. Admins also delete
        and purge projects, give datasets to projects, invite people and read the audit. In a project’s settings an
        admin gives somebody a narrower role there.
      </p>
      {invitations.length > 0 && <Invitations invitations={invitations} />}
    </>
  );
}

const nothing: LeftBehind = { invitationCount: 0, tokens: [] };

/** `left`: what the member would leave behind; null for who may not manage members. */
type MemberTableRowProps = { member: Member; isSelf: boolean; left: LeftBehind | null };

function MemberTableRow({ member, isSelf, left }: MemberTableRowProps) {
  const { id, name, email, role, createdAt, disabledAt } = member;
  const choices = roles.map((to) => ({ role: to, words: to, lost: lostWith(left ?? nothing, to) }));
  return (
    <tr className="[&>td]:h-10">
      <td className="font-medium max-md:w-full max-md:max-w-0 max-md:py-1.5 max-md:whitespace-normal">
        <span className="wrap-anywhere">{name}</span> {isSelf && <span className="font-normal text-muted">(you)</span>}
        {disabledAt && <Badge tone="warning">disabled</Badge>}
        <span className="block font-normal wrap-anywhere text-muted md:hidden">{email}</span>
      </td>
      <td className="w-full max-w-0 truncate text-muted max-md:hidden" title={email}>
        {email}
      </td>
      <td className="text-muted max-md:hidden">
        <Time at={createdAt} />
      </td>
      <td>
        {left ? (
          <RoleSelect
            name={name}
            label={`Role of ${name}`}
            role={role}
            choices={choices}
            action={changeRoleAction.bind(null, id)}
          />
        ) : (
          role
        )}
      </td>
      {left && (
        <td className="number">
          {!isSelf && (
            <div className="flex justify-end gap-2 max-md:flex-col max-md:py-1.5">
              {disabledAt ? (
                <ActButton action={enableMemberAction.bind(null, id)} done={`${name} is enabled.`}>
                  Enable
                </ActButton>
              ) : (
                <DisableMember memberId={id} name={name} left={left} />
              )}
              <RemoveMember memberId={id} name={name} left={left} />
            </div>
          )}
        </td>
      )}
    </tr>
  );
}

function Invitations({ invitations }: { invitations: Invitation[] }) {
  return (
    <Section wide title="Open invitations" about="Each link lets one person in. It was shown once, to whoever made it.">
      <div className="relative overflow-x-auto">
        <table className="table flush">
          <thead>
            <tr>
              <th>For</th>
              <th>Role</th>
              <th>Made</th>
              <th>Expires</th>
              <th>
                <span className="sr-only">Revoke</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {invitations.map(({ id, email, role, createdBy, createdAt, expiresAt }) => (
              <tr key={id}>
                <td className="w-full min-w-40 font-medium wrap-anywhere whitespace-normal">
                  {email ?? "anyone with the link"}
                </td>
                <td>{role}</td>
                <td className="text-muted">
                  <Time at={createdAt} />
                  {createdBy && ` by ${createdBy}`}
                </td>
                <td className="text-muted">
                  <Time at={expiresAt} />
                </td>
                <td className="number">
                  <ActButton action={revokeInvitationAction.bind(null, id)} done="The invitation is revoked.">
                    Revoke
                  </ActButton>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
