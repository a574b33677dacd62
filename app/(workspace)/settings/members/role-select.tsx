"use client";
import { useOptimistic, useRef, useState, useTransition } from "react";
import { Dialog } from "@/app/_ui/overlays/dialog.tsx";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Select } from "@/app/_ui/parts/field.tsx";
import type { LeftBehind } from "@/lib/access/left-behind.ts";
import { type Role, roles } from "@/lib/wire/base/words.ts";
import { changeRoleAction } from "./actions.ts";
import { LeftTokens } from "./left-tokens.tsx";

type RoleSelectProps = {
  memberId: string;
  name: string;
  role: Role;
  /** What the member made and loses with each role. */
  lost: Record<Role, LeftBehind>;
};

/** Saves the role once it is chosen, and asks first where the member would lose something. A refusal shows the old role. */
export function RoleSelect({ memberId, name, role, lost }: RoleSelectProps) {
  const toast = useToast();
  const select = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useOptimistic(role);
  const [pending, startTransition] = useTransition();
  const [asked, setAsked] = useState<Role | null>(null);
  const [kept, setKept] = useState<string[]>([]);
  const save = (next: Role) =>
    startTransition(async () => {
      setShown(next);
      setAsked(null);
      const outcome = await changeRoleAction(memberId, next, kept);
      setKept([]);
      toast(outcome.ok ? { title: `${name} is ${next} now.` } : { title: outcome.error, tone: "danger" });
    });
  const change = (next: Role) => {
    const { invitationCount, tokens } = lost[next];
    if (invitationCount + tokens.length > 0) setAsked(next);
    else save(next);
  };
  return (
    <div ref={select} tabIndex={-1}>
      <Select
        aria-label={`Role of ${name}`}
        value={shown}
        disabled={pending}
        onChange={(event) => change(event.target.value as Role)}
        options={roles.map((value) => [value, value] as const)}
        className="min-w-24"
      />
      {asked && (
        <Dialog open onOpenChange={() => setAsked(null)} opener={select} title={`Make ${name} ${asked}?`}>
          <LeftTokens left={lost[asked]} kept={kept} onKeep={setKept} />
          <div className="flex justify-end gap-2">
            <Button onClick={() => setAsked(null)}>Cancel</Button>
            <Button look="danger" onClick={() => save(asked)} disabled={pending}>
              Make {asked}
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
