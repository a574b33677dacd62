"use client";
import { useState } from "react";
import { LeftTokens } from "@/app/_ui/domain/members/left-tokens.tsx";
import { Confirm } from "@/app/_ui/overlays/dialog.tsx";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import type { LeftBehind } from "@/lib/access/left-behind.ts";
import { disableMemberAction } from "./actions.ts";

type DisableMemberProps = { memberId: string; name: string; left: LeftBehind };

export function DisableMember({ memberId, name, left }: DisableMemberProps) {
  const toast = useToast();
  const [kept, setKept] = useState<string[]>([]);
  return (
    <Confirm
      trigger={<Button>Disable</Button>}
      title={`Disable ${name}?`}
      description="Their sessions end at once, and they can’t sign in until an admin enables them again."
      confirm="Disable"
      action={() => disableMemberAction(memberId, kept)}
      onDone={() => toast({ title: `${name} is disabled.` })}
    >
      <LeftTokens left={left} kept={kept} onKeep={setKept} />
    </Confirm>
  );
}
