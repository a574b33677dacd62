import { Check, Hourglass, UserRound, X } from "lucide-react";
import type { Claim, SignOffState } from "@/lib/wire/champions.ts";
import { signOffWords } from "@/lib/words/champions/champion-words.ts";

const marks: Record<SignOffState, { Icon: typeof Check; tone: string }> = {
  signed: { Icon: Check, tone: "text-finished" },
  refused: { Icon: X, tone: "text-danger" },
  waiting: { Icon: Hourglass, tone: "text-warning" },
  alone: { Icon: UserRound, tone: "text-muted" },
};

/** Who signed a claim off, or that nobody did yet. */
export function SignOffMark({ claim }: { claim: Pick<Claim, "state" | "signOffs"> }) {
  const { Icon, tone } = marks[claim.state];
  const by = claim.signOffs.filter(({ approves }) => approves === (claim.state !== "refused")).map((one) => one.by);
  return (
    <span className={`inline-flex items-center gap-1 align-bottom [&_svg]:size-3.5 ${tone}`}>
      <Icon aria-hidden />
      {signOffWords(claim.state, by)}
    </span>
  );
}
