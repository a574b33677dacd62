import Link from "next/link";
import { newStudyHref } from "@/app/paths.ts";
import { proposalWords } from "@/lib/words/studies/standing-words.ts";
import { buttonClass } from "../../parts/button.tsx";

type ProposalLinkProps = {
  slug: string;
  /** The number of the study that is gone on from. */
  parent: number;
  proposal: string;
  /** Of a range that is widened. */
  parameter?: string;
  edge?: string;
};

/** To the form for the study that a flag proposes, filled in. */
export function ProposalLink({ slug, parent, proposal, parameter, edge }: ProposalLinkProps) {
  const query = new URLSearchParams({ parent: String(parent), propose: proposal });
  if (parameter !== undefined) query.set("parameter", parameter);
  if (edge !== undefined) query.set("edge", edge);
  return (
    <Link href={newStudyHref(slug, query)} prefetch={false} className={`${buttonClass()} justify-self-start`}>
      {proposalWords(proposal)}
    </Link>
  );
}
