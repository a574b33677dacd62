"use client";
/** What is done with a run from a comparison: any part of the page may ask for it. */
import { createContext, type ReactNode, use, useRef, useState } from "react";
import { Dialog } from "@/app/_ui/overlays/dialog.tsx";
import { fetched } from "@/app/_ui/overlays/fetched.tsx";

const ClaimChoice = fetched(async () => (await import("@/app/_ui/domain/champion/claim-choice.tsx")).ClaimChoice);

type NamedRun = { id: string; name: string };
/** `claim` opens what nominates a run as champion; null: the member may not. */
type Acts = { claim: ((run: NamedRun) => void) | null };

const ActsContext = createContext<Acts>({ claim: null });

export const useCompareActs = (): Acts => use(ActsContext);

type CompareActsProps = { canClaim: boolean; children: ReactNode };

export function CompareActs({ canClaim, children }: CompareActsProps) {
  const [claimed, setClaimed] = useState<NamedRun | null>(null);
  const opener = useRef<HTMLElement | null>(null);
  const claim = (run: NamedRun) => {
    opener.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    setClaimed(run);
  };
  return (
    <ActsContext value={{ claim: canClaim ? claim : null }}>
      {children}
      <Dialog
        open={claimed !== null}
        onOpenChange={(open) => !open && setClaimed(null)}
        opener={opener}
        title={`Tag ${claimed?.name ?? ""} as champion`}
        description="A champion is the best of its manifest, by a rule and evaluations that stay beside it for ever."
      >
        {claimed && <ClaimChoice run={claimed.id} onClose={() => setClaimed(null)} />}
      </Dialog>
    </ActsContext>
  );
}
