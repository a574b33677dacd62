"use client";
import { useOptimistic, useTransition } from "react";
import { Select } from "@/app/_ui/field.tsx";
import { useToast } from "@/app/_ui/toast.tsx";
import { type Role, roles } from "@/lib/wire.ts";
import { changeRoleAction } from "./actions.ts";

type RoleSelectProps = { memberId: string; name: string; role: Role };

/** Saved as it changes; goes back if the server refuses. */
export function RoleSelect({ memberId, name, role }: RoleSelectProps) {
  const toast = useToast();
  const [shown, setShown] = useOptimistic(role);
  const [pending, startTransition] = useTransition();
  const change = (next: Role) =>
    startTransition(async () => {
      setShown(next);
      const outcome = await changeRoleAction(memberId, next);
      toast(outcome.ok ? { title: `${name} is ${next} now.` } : { title: outcome.error, tone: "danger" });
    });
  return (
    <Select
      aria-label={`Role of ${name}`}
      value={shown}
      disabled={pending}
      onChange={(event) => change(event.target.value as Role)}
      options={roles.map((value) => [value, value] as const)}
      className="min-w-24"
    />
  );
}
