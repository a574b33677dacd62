"use client";
import { Button } from "@/app/_ui/button.tsx";
import { Confirm } from "@/app/_ui/dialog.tsx";
import { useToast } from "@/app/_ui/toast.tsx";
import { removeMemberAction } from "./actions.ts";

export function RemoveMember({ memberId, name }: { memberId: string; name: string }) {
  const toast = useToast();
  return (
    <Confirm
      trigger={<Button>Remove</Button>}
      title={`Remove ${name}?`}
      description="Their sessions end at once. What they did stays in the audit under their name, and the tokens that they made keep working."
      confirm="Remove"
      action={() => removeMemberAction(memberId)}
      onDone={() => toast({ title: `${name} is removed.` })}
    />
  );
}
