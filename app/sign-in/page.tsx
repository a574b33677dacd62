import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { optionalMember } from "@/app/_session.ts";
import { providerRefusalWords } from "@/app/_ui/acts/provider-refusal.ts";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { Field } from "@/app/_ui/parts/field.tsx";
import { pathWithin } from "@/app/_ui/parts/next-path.ts";
import { Doorway } from "@/app/_ui/shell/doorway.tsx";
import { providerSignInHref } from "@/app/paths.ts";
import { readProvider } from "@/lib/access/provider/settings.ts";
import { passkeyBar } from "@/lib/access/ways-in.ts";
import { signInAction } from "./actions.ts";
import { PasskeyButton } from "./passkey-button.tsx";

export const metadata: Metadata = { title: "Sign in" };

type SignInPageProps = { searchParams: Promise<Partial<Record<"next" | "refused", string | string[]>>> };

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const { next, refused } = await searchParams;
  const to = pathWithin(next);
  if (await optionalMember()) redirect(to);
  const { provider, fault } = readProvider();
  const hasPasskeys = passkeyBar() === null;
  const refusal = providerRefusalWords(refused, provider?.name);
  return (
    <Doorway title="Sign in">
      {refusal && (
        <p role="alert" className="text-sm text-danger">
          {refusal}
        </p>
      )}
      <ActionForm action={signInAction.bind(null, to)}>
        <Field
          label="E-mail"
          name="email"
          type="email"
          autoComplete={hasPasskeys ? "username webauthn" : "username"}
          required
          autoFocus
        />
        <Field label="Password" name="password" type="password" autoComplete="current-password" required />
        <Submit>Sign in</Submit>
      </ActionForm>
      {hasPasskeys && <PasskeyButton next={to} />}
      {provider && (
        // a link, so that it works before its script is there; the browser itself follows it to another site
        <a href={providerSignInHref(to)} className={`${buttonClass()} min-w-0`}>
          <span className="truncate">Sign in with {provider.name}</span>
        </a>
      )}
      {fault && <p className="text-xs text-warning">{fault} Whoever runs this server can mend it.</p>}
      <p className="text-xs text-muted">
        No account: ask an admin for an invitation. Password lost: whoever runs this server makes a link with{" "}
        <code className="font-mono text-text">npm run sign-in-link -- --email you@example.org</code>.
      </p>
    </Doorway>
  );
}
