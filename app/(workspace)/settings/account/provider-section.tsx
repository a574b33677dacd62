import { providerRefusalWords } from "@/app/_ui/acts/provider-refusal.ts";
import { LeaveButton } from "@/app/_ui/overlays/leave-button.tsx";
import { Section } from "@/app/_ui/parts/section.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import type { MemberActor } from "@/lib/access/actor.ts";
import { readProvider } from "@/lib/access/provider/settings.ts";
import { type JoinedProvider, listJoined } from "@/lib/access/ways-in.ts";
import { joinProviderAction } from "./actions.ts";
import { PartProvider } from "./part-provider.tsx";

type ProviderSectionProps = { member: MemberActor; refused: unknown };

/** Whether the account is joined with the provider's; nothing where there is none, and never was. */
export async function ProviderSection({ member, refused }: ProviderSectionProps) {
  const { provider } = readProvider();
  const joined = await listJoined(member);
  if (!provider && joined.length === 0) return null;
  const refusal = providerRefusalWords(refused, provider?.name);
  const isJoined = joined.some(({ isCurrent }) => isCurrent);
  const about = provider
    ? `Joined, you sign in with your account at ${provider.name}, whatever its address is later.`
    : "This server signs nobody in by a provider any more.";
  return (
    <Section title={provider?.name ?? "Provider"} about={about}>
      {refusal && (
        <p role="alert" className="mb-4 text-sm text-danger">
          {refusal}
        </p>
      )}
      {joined.length > 0 && (
        <ul className="-mt-2 text-sm">
          {joined.map((one) => (
            <JoinedRow key={one.id} joined={one} name={one.isCurrent && provider ? provider.name : one.issuer} />
          ))}
        </ul>
      )}
      {provider && !isJoined && (
        <div className="grid justify-items-start gap-2">
          <LeaveButton action={joinProviderAction} className="max-w-full min-w-0">
            <span className="truncate">Join with {provider.name}</span>
          </LeaveButton>
          <p className="text-xs text-muted">Your account there has to have the verified address {member.email}.</p>
        </div>
      )}
    </Section>
  );
}

function JoinedRow({ joined: { id, issuer, isCurrent, joinedAt }, name }: { joined: JoinedProvider; name: string }) {
  return (
    <li className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line py-2">
      <div className="min-w-0 flex-1">
        <div className="truncate" title={issuer}>
          {issuer}
        </div>
        <div className="text-xs text-muted">
          joined <Time at={joinedAt} />
          {!isCurrent && ", not in use any more"}
        </div>
      </div>
      <PartProvider id={id} name={name} />
    </li>
  );
}
