import type { Metadata } from "next";
import { currentMember } from "@/app/_session.ts";
import { ActButton } from "@/app/_ui/overlays/act-button.tsx";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { Section } from "@/app/_ui/parts/section.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { SignOutButton } from "@/app/_ui/shell/sign-out-button.tsx";
import { listSessions, type SessionItem } from "@/lib/access/account.ts";
import { NameForm, PasswordForm } from "./account-forms.tsx";
import { endSessionAction } from "./actions.ts";
import { browserWords } from "./browser-words.ts";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage() {
  const member = await currentMember();
  const sessions = await listSessions(member);
  return (
    <>
      <PageHeader title="Account" />
      <Section title="You" about={`${member.email}, ${member.role} of this workspace.`}>
        <NameForm name={member.name} />
      </Section>
      <Section title="Password" about="A new password ends your other sessions.">
        <PasswordForm email={member.email} />
      </Section>
      <Section title="Sessions" about="Where you are signed in. A session ends by itself after 30 days without use.">
        <ul className="-mt-2 text-sm">
          {sessions.map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </ul>
      </Section>
    </>
  );
}

function SessionRow({ session }: { session: SessionItem }) {
  const { id, current, ipAddress, userAgent, createdAt } = session;
  const browser = browserWords(userAgent);
  return (
    <li className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line py-2">
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-2">
          <span className="truncate" title={userAgent ?? undefined}>
            {browser}
          </span>
          {current && <Badge tone="accent">this one</Badge>}
        </div>
        <div className="text-xs text-muted">
          {ipAddress && `from ${ipAddress}, `}signed in <Time at={createdAt} />
        </div>
      </div>
      {current ? (
        <SignOutButton />
      ) : (
        <ActButton action={endSessionAction.bind(null, id)} done="The session is ended.">
          End
        </ActButton>
      )}
    </li>
  );
}
