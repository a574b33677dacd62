"use client";
import { Confirm } from "@/app/_ui/overlays/dialog.tsx";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { partProviderAction } from "./actions.ts";

/** Parts the member's account from the one at the provider. */
export function PartProvider({ id, name }: { id: string; name: string }) {
  const toast = useToast();
  return (
    <Confirm
      trigger={<Button aria-label={`Part from ${name}`}>Part</Button>}
      title={`Part from ${name}?`}
      description="It signs you in no more, until you join it here again. Your other sessions end."
      confirm="Part"
      action={() => partProviderAction(id)}
      onDone={() => toast({ title: `Your account is parted from ${name}.` })}
    />
  );
}
