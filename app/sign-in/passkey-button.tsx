"use client";
import { KeyRound } from "lucide-react";
import { useEffect, useRef, useState, useTransition } from "react";
import { Button } from "@/app/_ui/parts/button.tsx";
import { fillsInPasskeys, offerPasskeys, showPasskey } from "@/app/_ui/parts/passkey.ts";
import { askPasskeyAction, passkeySignInAction } from "./actions.ts";

/** The server forgets what it asked after five minutes. */
const OFFER_MS = 4 * 60_000;

/** Signs in with a passkey that the browser has, by the button or where the address is filled in, and goes to `next`. */
export function PasskeyButton({ next }: { next: string }) {
  const [pending, startTransition] = useTransition();
  const [error, setError] = useState<string | null>(null);
  // counted: with each the browser is asked anew to offer passkeys
  const [offer, setOffer] = useState(0);
  const stopOffer = useRef<() => void>(null);
  const enter = async (response: object) => {
    const outcome = await passkeySignInAction(next, response);
    if (outcome && !outcome.ok) setError(outcome.error);
  };
  const signIn = () =>
    startTransition(async () => {
      setError(null);
      // a browser answers one question at a time
      stopOffer.current?.();
      const asked = await askPasskeyAction();
      if (!asked.ok) return setError(asked.error);
      const shown = await showPasskey(asked.value);
      if ("response" in shown) return enter(shown.response);
      setError(shown.error);
      setOffer(offer + 1);
    });

  // biome-ignore lint/correctness/useExhaustiveDependencies: an offer begins when it is counted, and not with each drawing
  useEffect(() => {
    const ended = new AbortController();
    stopOffer.current = () => ended.abort();
    const again = setTimeout(() => setOffer(offer + 1), OFFER_MS);
    const makeOffer = async () => {
      if (!(await fillsInPasskeys()) || ended.signal.aborted) return;
      const asked = await askPasskeyAction();
      if (!asked.ok || ended.signal.aborted) return;
      const shown = await offerPasskeys(asked.value, ended.signal);
      // nobody asked for what came to nothing
      if ("response" in shown && !ended.signal.aborted) startTransition(() => enter(shown.response));
    };
    // the button says why, where the server can't be reached
    makeOffer().catch(() => ended.abort());
    return () => {
      clearTimeout(again);
      ended.abort();
    };
  }, [offer]);

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
