import { Written } from "@/app/_ui/parts/written.tsx";
import type { Actor } from "@/lib/access/actor.ts";
import { makeCard } from "@/lib/champions/card.ts";
import { findChampionRuns } from "@/lib/champions/champion-page.ts";
import type { FilledPage } from "@/lib/evaluations/live/report-page.ts";
import { asProblem } from "@/lib/problem.ts";
import { cardMarkdown } from "@/lib/words/champions/card-words.ts";

type CardOnPaperProps = { page: FilledPage; member: Actor };

/** Behind the printed report of the champion's checkpoint: its model card, which has a page of its own on a screen. */
export async function CardOnPaper({ page: { run, manifest, evaluation }, member }: CardOnPaperProps) {
  const [champion] = await findChampionRuns(member, [run.id]);
  if (!champion) return null;
  const card = await makeCard(member, run.projectId, { manifest: manifest.id }).catch((error: unknown) => {
    // replaced meanwhile, or champion of another manifest
    if (asProblem(error)?.kind === "not-found") return null;
    throw error;
  });
  if (card?.claim.checkpoint.id !== evaluation.checkpoint.id) return null;
  return (
    <section aria-label="Model card" className="model-card prose hidden break-before-page print:block">
      <Written text={cardMarkdown(card)} />
    </section>
  );
}
