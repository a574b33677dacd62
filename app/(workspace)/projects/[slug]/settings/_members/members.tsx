import { RoleSelect } from "@/app/_ui/domain/members/role-select.tsx";
import { Section } from "@/app/_ui/parts/section.tsx";
import { type LeftBehind, lostWith } from "@/lib/access/left-behind.ts";
import type { ProjectMember } from "@/lib/access/project-roles.ts";
import { type ProjectRole, projectRoles } from "@/lib/wire/base/words.ts";
import { setProjectRoleAction } from "./actions.ts";

type MembersProps = { projectId: string; members: ProjectMember[]; left: Map<string, LeftBehind> };

/** Who may less here than in the workspace; for admins. */
export function Members({ projectId, members, left }: MembersProps) {
  return (
    <Section
      wide
      id="members"
      title="Members here"
      about="Everybody has their role of the workspace here, unless you give them a narrower one. With no access the project isn’t there for them: in no list, no search and by no link."
    >
      <div className="relative max-h-120 overflow-auto">
        <table className="table flush">
          <thead>
            <tr>
              <th>Name</th>
              <th>In the workspace</th>
              <th>Here</th>
            </tr>
          </thead>
          <tbody>
            {members.map((member) => (
              <MemberRow key={member.id} projectId={projectId} member={member} left={left.get(member.id) ?? nothing} />
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

const nothing: LeftBehind = { invitationCount: 0, tokens: [] };
const words: Record<ProjectRole, string> = { none: "no access", viewer: "viewer", member: "member", admin: "admin" };

type MemberRowProps = { projectId: string; member: ProjectMember; left: LeftBehind };

function MemberRow({ projectId, member: { id, name, email, role, here }, left }: MemberRowProps) {
  const choices = projectRoles.slice(0, projectRoles.indexOf(role) + 1).map((one) => ({
    role: one,
    words: words[one],
    lost: lostWith(left, one === "none" ? null : one, projectId),
  }));
  return (
    <tr className="[&>td]:h-10">
      <td className="w-full max-w-0 min-w-32 truncate" title={email}>
        <span className="font-medium">{name}</span>{" "}
        <span className="text-muted max-md:block max-md:truncate">{email}</span>
      </td>
      <td className="text-muted">{role}</td>
      <td>
        {role === "admin" ? (
          "admin"
        ) : (
          <RoleSelect
            name={name}
            label={`Role of ${name} here`}
            role={here}
            choices={choices}
            action={setProjectRoleAction.bind(null, { project: projectId, member: id })}
          />
        )}
      </td>
    </tr>
  );
}
