import type { Metadata } from "next";
import { currentMember } from "@/app/_session.ts";
import { ActButton } from "@/app/_ui/overlays/act-button.tsx";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { Section } from "@/app/_ui/parts/section.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { SignOutButton } from "@/app/_ui/shell/sign-out-button.tsx";
import { listSessions, type SessionItem } from "@/lib/access/account.ts";
import { listPasskeys } from "@/lib/access/passkeys.ts";
import { hasPassword, passkeyBar } from "@/lib/access/ways-in.ts";
import { NameForm, PasswordForm } from "./account-forms.tsx";
import { endSessionAction } from "./actions.ts";
import { browserWords } from "./browser-words.ts";
import { Passkeys } from "./passkeys.tsx";
import { ProviderSection } from "./provider-section.tsx";

export const metadata: Metadata = { title: "Account" };

type AccountPageProps = { searchParams: Promise<{ refused?: string | string[] }> };

export default async function AccountPage({ searchParams }: AccountPageProps) {
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
        {(await hasPassword(member)) ? <PasswordForm email={member.email} /> : <NoPassword email={member.email} />}
      </Section>
      <Section
        title="Passkeys"
        about="A passkey signs you in with your device’s own lock, such as a finger or a PIN, or with a security key. What you sign in with now goes on working."
      >
        {bar === null ? <Passkeys passkeys={passkeys} /> : <p className="text-sm text-muted">{barWords[bar]}</p>}
      </Section>
      <ProviderSection member={member} refused={(await searchParams).refused} />
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

const NoPassword = ({ email }: { email: string }) => (
  <p className="text-sm text-muted">
    You have none. Whoever runs this server makes a link with which you set one:{" "}
    <code className="font-mono text-xs break-words text-text">npm run sign-in-link -- --email {email}</code>
  </p>
);

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
