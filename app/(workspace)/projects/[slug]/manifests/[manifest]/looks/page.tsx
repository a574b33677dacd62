/** The ledger of a manifest's test split: what is left of it, what looks cost, and each look. */
import { BookLock } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { LedgerMark } from "@/app/_ui/domain/ledger-mark.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { Section } from "@/app/_ui/parts/section.tsx";
import { can } from "@/lib/access/permissions.ts";
import { listFailedChecks } from "@/lib/checks/report.ts";
import { readLedger } from "@/lib/evaluations/ledger.ts";
import { getManifest } from "@/lib/manifests/manifests.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { ledgerMeaningWords, lookUseWords, testModeWords } from "@/lib/words/look-words.ts";
import { ManifestPageHeader } from "../manifest-header.tsx";
import { ConfirmLook } from "./confirm-look.tsx";
import { LookCost } from "./look-cost.tsx";
import { InheritedLooks, LooksTable } from "./looks-table.tsx";

export const metadata: Metadata = { title: "Looks at the test split" };

type Props = { params: Promise<{ slug: string; manifest: string }> };

export default async function LedgerPage({ params }: Props) {
  const member = await currentMember();
  const { slug, manifest: id } = await params;
  const project = await getProject(member, decodeURIComponent(slug));
  const manifest = project && (await getManifest(member, project.id, id));
  if (!manifest) notFound();
  const [ledger, failed] = await Promise.all([
    readLedger(member, project.id, manifest.id),
    listFailedChecks(member, project.id),
  ]);
  return (
    <>
      <ManifestPageHeader manifest={manifest} checksFailed={failed.has(id)} projectName={project.name} />
      <section aria-label="Where it stands" className="grid gap-2 border-b border-line px-4 py-6 md:px-6">
        <p className="flex flex-wrap items-center gap-x-4 gap-y-1">
          <LedgerMark ledger={ledger} />
          <span className="text-sm">{lookUseWords(ledger)}</span>
        </p>
        <p className="max-w-[72ch] text-sm">{ledgerMeaningWords(ledger)}</p>
        <p className="max-w-[72ch] text-sm text-muted">{testModeWords(ledger.mode)}</p>
      </section>
      {ledger.looks.length === 0 && ledger.inheritedFrom.length === 0 ? (
        <Empty icon={BookLock} title="Nobody has looked at this test split">
          <p>
            A look is an evaluation on the test split, or a test number that a client logs. Each stands here for ever:
            who, when, of which run and why. Evaluations on validation are free.
          </p>
        </Empty>
      ) : (
        <Section title="Looks" about="The newest first. A look is never taken back." wide>
          {ledger.looks.length > 0 && <LooksTable ledger={ledger} />}
          <InheritedLooks ledger={ledger} />
        </Section>
      )}
      {ledger.halfWidths !== null && (
        <Section
          title="What the looks cost"
          about="How far an accuracy on these samples may lie from the truth, at 95 %, for all looks at once."
          wide
        >
          <LookCost ledger={ledger} />
        </Section>
      )}
      {ledger.mode !== "open" && (
        <Section
          id="confirm"
          title="Past the budget"
          about="Each look past the budget needs an admin's word. Whoever may open the test split then uses it up."
        >
          <ConfirmLook projectId={project.id} ledger={ledger} canConfirm={can(member, "tests.confirm", project.id)} />
        </Section>
      )}
    </>
  );
}
