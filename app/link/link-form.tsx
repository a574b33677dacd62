"use client";
/** A one-time link's form. The secret stands in the address's fragment, which only the browser sees. */
import Link from "next/link";
import { useEffect, useState } from "react";
import { LeaveButton } from "@/app/_ui/overlays/leave-button.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { Field } from "@/app/_ui/parts/field.tsx";
import { Doorway } from "@/app/_ui/shell/doorway.tsx";
import { signInHref } from "@/app/paths.ts";
import type { LinkOffer } from "@/lib/access/sign-in.ts";
import { acceptByProviderAction, readLinkAction, spendLinkAction } from "./actions.ts";

type LinkReading = { secret: string; offer: LinkOffer | null };

/** `next`: where to go once it is spent. `provider`: the name of that by which an invitation can be accepted. */
export function LinkForm({ next, provider }: { next: string; provider: string | null }) {
  const [read, setRead] = useState<LinkReading | null>(null);
  useEffect(() => {
    let current = true;
    const look = async () => {
      const secret = window.location.hash.slice(1);
      const offer = secret === "" ? null : await readLinkAction(secret);
      if (current) setRead({ secret, offer });
    };
    const start = () => void look();
    start();
    window.addEventListener("hashchange", start);
    return () => {
      current = false;
      window.removeEventListener("hashchange", start);
    };
  }, []);
  if (!read)
    return (
      <Doorway title="Reading the link…">
        <noscript>This page needs JavaScript: the link’s secret is where only the browser can read it.</noscript>
      </Doorway>
    );
  return read.offer ? (
    <OfferForm key={read.secret} secret={read.secret} offer={read.offer} next={next} provider={provider} />
  ) : (
    <SpentLink />
  );
}

const titles: Record<LinkOffer["purpose"], string> = {
  "first-admin": "Set up this workspace",
  invitation: "Join this workspace",
  "sign-in": "Choose a new password",
};

type OfferFormProps = { secret: string; offer: LinkOffer; next: string; provider: string | null };

function OfferForm({ secret, offer, next, provider }: OfferFormProps) {
  const { purpose, email, role } = offer;
  const isNew = purpose !== "sign-in";
  return (
    <Doorway title={titles[purpose]} about={explanation(offer)}>
      {provider && purpose === "invitation" && (
        <div className="grid gap-4">
          <LeaveButton action={acceptByProviderAction.bind(null, secret, next)} className="min-w-0">
            <span className="truncate">Accept with {provider}</span>
          </LeaveButton>
          <p className="text-xs text-muted">
            {email === null ? "With the address that it has verified" : `With your account there, ${email}`}, or with a
            password:
          </p>
        </div>
      )}
      <ActionForm action={spendLinkAction.bind(null, secret, next)}>
        <Field
          label="E-mail"
          name="email"
          type="email"
          autoComplete="username"
          defaultValue={email ?? ""}
          readOnly={email !== null}
          required
        />
        {isNew && <Field label="Name" name="name" autoComplete="name" maxLength={100} required />}
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={10}
          hint="At least 10 characters"
          required
        />
        <Submit>{isNew ? `Join as ${role}` : "Set password and sign in"}</Submit>
      </ActionForm>
    </Doorway>
  );
}

function explanation({ purpose, role }: LinkOffer): string {
  if (purpose === "first-admin") return "You become its first admin. This link works once.";
  if (purpose === "invitation") return `You were invited with the role ${role}. This link works once.`;
  return "This link signs you in once, with the password you set here.";
}

function SpentLink() {
  const about = (
    <>
      It has been used, has expired, or was copied in part. If you have a password, sign in. If not, ask an admin for a
      new invitation; whoever runs this server makes a link with{" "}
      <code className="font-mono text-xs text-text">npm run sign-in-link -- --email you@example.org</code>.
    </>
  );
  return (
    <Doorway title="This link doesn’t work any more" about={about}>
      <Link prefetch={false} href={signInHref()} className={buttonClass("primary")}>
        Sign in
      </Link>
    </Doorway>
  );
}
