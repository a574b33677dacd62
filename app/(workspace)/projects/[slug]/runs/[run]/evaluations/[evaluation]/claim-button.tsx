"use client";
/** Tags the run of a report as the champion of its manifest. */
import { Trophy } from "lucide-react";
import { useState } from "react";
import { Dialog } from "@/app/_ui/overlays/dialog.tsx";
import { fetched } from "@/app/_ui/overlays/fetched.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";

const ClaimChoice = fetched(async () => (await import("@/app/_ui/domain/champion/claim-choice.tsx")).ClaimChoice);

export function ClaimButton({ run }: { run: { id: string; name: string } }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog
      open={isOpen}
      onOpenChange={setOpen}
      title={`Tag ${run.name} as champion`}
      description="A champion is the best of its manifest, by a rule and evaluations that stay beside it for ever."
      trigger={
        <Button>
          <Trophy aria-hidden />
          Tag as champion
        </Button>
      }
    >
      <ClaimChoice run={run.id} onClose={() => setOpen(false)} />
    </Dialog>
  );
}
