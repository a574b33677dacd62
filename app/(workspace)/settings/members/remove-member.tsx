"use client";
import { useState } from "react";
import { LeftTokens } from "@/app/_ui/domain/members/left-tokens.tsx";
import { Confirm } from "@/app/_ui/overlays/dialog.tsx";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import type { LeftBehind } from "@/lib/access/left-behind.ts";
import { removeMemberAction } from "./actions.ts";

type RemoveMemberProps = { memberId: string; name: string; left: LeftBehind };

export function RemoveMember({ memberId, name, left }: RemoveMemberProps) {
  const toast = useToast();
  const [kept, setKept] = useState<string[]>([]);
  return (
    <Confirm
      trigger={<Button>Remove</Button>}
      title={`Remove ${name}?`}
      description="Their sessions end at once. What they did stays in the audit under their name."
      confirm="Remove"
      action={() => removeMemberAction(memberId, kept)}
      onDone={() => toast({ title: `${name} is removed.` })}
    >
      <LeftTokens left={left} kept={kept} onKeep={setKept} />
    </Confirm>
  );
}
