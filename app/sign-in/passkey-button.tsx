"use client";
import { KeyRound } from "lucide-react";
import { useState, useTransition } from "react";
import { Button } from "@/app/_ui/parts/button.tsx";
import { showPasskey } from "@/app/_ui/parts/passkey.ts";
import { askPasskeyAction, passkeySignInAction } from "./actions.ts";

/** Signs in with a passkey that the browser has, and goes to `next`. */
export function PasskeyButton({ next }: { next: string }) {
  const [pending, startTransition] = useTransition();
  const [error, setError] = useState<string | null>(null);
  const signIn = () =>
    startTransition(async () => {
      setError(null);
      const asked = await askPasskeyAction();
      if (!asked.ok) return setError(asked.error);
      const shown = await showPasskey(asked.value);
      if ("error" in shown) return setError(shown.error);
      const outcome = await passkeySignInAction(next, shown.response);
      if (outcome && !outcome.ok) setError(outcome.error);
    });
  return (
    <div className="grid gap-2">
      <Button onClick={signIn} disabled={pending} aria-busy={pending} className="justify-center">
        <KeyRound aria-hidden />
        Sign in with a passkey
      </Button>
      {error && (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      )}
    </div>
  );
}
