import type { Metadata } from "next";
import { currentMember } from "@/app/_session.ts";
import { ActButton } from "@/app/_ui/overlays/act-button.tsx";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { Section } from "@/app/_ui/parts/section.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { SignOutButton } from "@/app/_ui/shell/sign-out-button.tsx";
import { listSessions, type SessionItem } from "@/lib/access/account.ts";
import { listPasskeys, passkeyBar } from "@/lib/access/passkeys.ts";
import { NameForm, PasswordForm } from "./account-forms.tsx";
import { endSessionAction } from "./actions.ts";
import { browserWords } from "./browser-words.ts";
import { Passkeys } from "./passkeys.tsx";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage() {
  const member = await currentMember();
  const sessions = await listSessions(member);
  const passkeys = await listPasskeys(member);
  const bar = passkeyBar();
  return (
    <>
      <PageHeader title="Account" />
      <Section title="You" about={`${member.email}, ${member.role} of this workspace.`}>
        <NameForm name={member.name} />
      </Section>
      <Section title="Password" about="A new password ends your other sessions.">
        <PasswordForm email={member.email} />
      </Section>
      <Section
        title="Passkeys"
        about="A passkey signs you in with your device’s own lock, such as a finger or a PIN, or with a security key. Your password goes on working."
      >
        {bar === null ? <Passkeys passkeys={passkeys} /> : <p className="text-sm text-muted">{barWords[bar]}</p>}
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

const barWords = {
  address: "Browsers bind a passkey to a name, and this server is reached by a number: HOLDOUT_URL sets its address.",
  http: "Browsers make passkeys over https alone (or on localhost): HOLDOUT_URL sets this server’s address.",
};

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
