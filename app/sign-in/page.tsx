import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { optionalMember } from "@/app/_session.ts";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Field } from "@/app/_ui/parts/field.tsx";
import { pathWithin } from "@/app/_ui/parts/next-path.ts";
import { Doorway } from "@/app/_ui/shell/doorway.tsx";
import { passkeyBar } from "@/lib/access/passkeys.ts";
import { signInAction } from "./actions.ts";
import { PasskeyButton } from "./passkey-button.tsx";

export const metadata: Metadata = { title: "Sign in" };

type SignInPageProps = { searchParams: Promise<{ next?: string | string[] }> };

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const { next } = await searchParams;
  const to = pathWithin(next);
  if (await optionalMember()) redirect(to);
  return (
    <Doorway title="Sign in">
      <ActionForm action={signInAction.bind(null, to)}>
        <Field label="E-mail" name="email" type="email" autoComplete="username" required autoFocus />
        <Field label="Password" name="password" type="password" autoComplete="current-password" required />
        <Submit>Sign in</Submit>
      </ActionForm>
      {passkeyBar() === null && <PasskeyButton next={to} />}
      <p className="text-xs text-muted">
        No account: ask an admin for an invitation. Password lost: whoever runs this server makes a link with{" "}
        <code className="font-mono text-text">npm run sign-in-link -- --email you@example.org</code>.
      </p>
    </Doorway>
  );
}
