"use client";
import { LogOut } from "lucide-react";
import { useTransition } from "react";
import { Button } from "../parts/button.tsx";
import { signOutAction } from "./session-actions.ts";

export function SignOutButton() {
  const [pending, startTransition] = useTransition();
  return (
    <Button onClick={() => startTransition(() => signOutAction())} disabled={pending}>
      <LogOut aria-hidden />
      Sign out
    </Button>
  );
}
