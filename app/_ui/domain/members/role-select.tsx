"use client";
import { useOptimistic, useRef, useState, useTransition } from "react";
import type { LeftBehind } from "@/lib/access/left-behind.ts";
import { Dialog } from "../../overlays/dialog.tsx";
import { useToast } from "../../overlays/toast.tsx";
import { Button } from "../../parts/button.tsx";
import { Select } from "../../parts/field.tsx";
import type { ActionOutcome } from "../../parts/outcome.ts";
import { LeftTokens } from "./left-tokens.tsx";

/** One role that may be chosen: its words, and what the member made and loses with it. */
export type RoleChoice<Role extends string> = { role: Role; words: string; lost: LeftBehind };

type RoleSelectProps<Role extends string> = {
  name: string;
  /** What the control is called. */
  label: string;
  role: Role;
  choices: RoleChoice<Role>[];
  /** `kept`: ids of the member's tokens that go on, where others are revoked. */
  action: (role: Role, kept: string[]) => Promise<ActionOutcome>;
};

/** Saves the role once it is chosen, and asks first where the member would lose something. A refusal shows the old role. */
export function RoleSelect<Role extends string>({ name, label, role, choices, action }: RoleSelectProps<Role>) {
  const toast = useToast();
  const select = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useOptimistic(role);
  const [pending, startTransition] = useTransition();
  const [asked, setAsked] = useState<RoleChoice<Role> | null>(null);
  const [kept, setKept] = useState<string[]>([]);
  const save = (next: RoleChoice<Role>) =>
    startTransition(async () => {
      setShown(next.role);
      setAsked(null);
      const outcome = await action(next.role, kept);
      setKept([]);
      toast(outcome.ok ? { title: `${name}: ${next.words} now.` } : { title: outcome.error, tone: "danger" });
    });
  const change = (next: string) => {
    const choice = choices.find((one) => one.role === next)!;
    if (choice.lost.invitationCount + choice.lost.tokens.length > 0) setAsked(choice);
    else save(choice);
  };
  return (
    <div ref={select} tabIndex={-1}>
      <Select
        aria-label={label}
        value={shown}
        disabled={pending}
        onChange={(event) => change(event.target.value)}
        options={choices.map((choice) => [choice.role, choice.words] as const)}
        className="min-w-24"
      />
      {asked && (
        <Dialog open onOpenChange={() => setAsked(null)} opener={select} title={`Make ${name} ${asked.words}?`}>
          <LeftTokens left={asked.lost} kept={kept} onKeep={setKept} />
          <div className="flex justify-end gap-2">
            <Button onClick={() => setAsked(null)}>Cancel</Button>
            <Button look="danger" onClick={() => save(asked)} disabled={pending}>
              Make {asked.words}
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
