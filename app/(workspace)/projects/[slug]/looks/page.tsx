/** The test splits of a project, and how often each was looked at. */

import { BookLock } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { LedgerMark } from "@/app/_ui/domain/ledger-mark.tsx";
import { WideTable } from "@/app/_ui/figures/wide-table.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { ProjectHeader } from "@/app/_ui/shell/project-header.tsx";
import { manifestHref, manifestLooksHref, manifestsHref, projectSettingsHref } from "@/app/paths.ts";
import { listLedgers, type NamedLedger } from "@/lib/evaluations/ledger.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { lookUseWords, lookWords, testModeWords } from "@/lib/words/look-words.ts";
import { numberWords } from "@/lib/words/numbers.ts";

export const metadata: Metadata = { title: "Looks at test splits" };

export default async function LooksPage({ params }: { params: Promise<{ slug: string }> }) {
  const member = await currentMember();
  const project = await getProject(member, decodeURIComponent((await params).slug));
  if (!project) notFound();
  const ledgers = await listLedgers(member, project.id);
  return (
    <>
      <ProjectHeader project={project} />
      {ledgers.length === 0 ? (
        <Empty icon={BookLock} title="No test split yet">
          <p>
            A test split is part of a{" "}
            <Link href={manifestsHref(project.slug)} prefetch={false} className="text-accent underline">
              manifest
            </Link>
            . From its first number on, this page says who looked at it, when and why.
          </p>
        </Empty>
      ) : (
        <>
          <p className="max-w-[80ch] px-4 py-4 text-sm text-muted md:px-6">
            {testModeWords(project.testMode)}{" "}
            <Link
              href={projectSettingsHref(project.slug, "test-split")}
              prefetch={false}
              className="text-accent underline"
            >
              Rules of the test split
            </Link>
          </p>
          <SplitsTable slug={project.slug} ledgers={ledgers} />
        </>
      )}
    </>
  );
}

function SplitsTable({ slug, ledgers }: { slug: string; ledgers: NamedLedger[] }) {
  return (
    <WideTable>
      <table className="w-full min-w-200 text-sm">
        <thead>
          <tr className="h-8 border-b border-line text-left text-xs text-muted">
            <th className="px-4 font-medium md:px-6">Test split of</th>
            <th className="px-3 text-right font-medium">Samples</th>
            <th className="px-3 font-medium">Standing</th>
            <th className="px-3 font-medium">Looks</th>
            <th className="px-4 font-medium md:pr-6">Newest look</th>
          </tr>
        </thead>
        <tbody>
          {ledgers.map(({ manifests, ledger }) => (
            <tr key={ledger.testDigest} className="border-b border-line align-top *:py-1.5 hover:bg-hover">
              <td className="max-w-80 px-4 md:px-6">
                <ul>
                  {manifests.slice(0, NAMED).map(({ id, name }) => (
                    <li key={id} className="truncate">
                      <Link href={manifestHref(slug, id)} prefetch={false} className="font-medium hover:text-accent">
                        {name}
                      </Link>
                    </li>
                  ))}
                  {manifests.length > NAMED && (
                    <li className="text-muted">and {numberWords(manifests.length - NAMED)} more</li>
                  )}
                </ul>
              </td>
              <td className="px-3 text-right tabular-nums">{numberWords(ledger.samples)}</td>
              <td className="px-3">
                <LedgerMark ledger={ledger} />
              </td>
              <td className="px-3">
                <Link
                  href={manifestLooksHref(slug, ledger.manifest)}
                  prefetch={false}
                  className="text-accent underline"
                >
                  {lookUseWords(ledger)}
                </Link>
              </td>
              <td className="max-w-100 truncate px-4 text-muted md:pr-6">
                <NewestLook ledger={ledger} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </WideTable>
  );
}
const NAMED = 3;

function NewestLook({ ledger: { looks } }: Pick<NamedLedger, "ledger">) {
  const [newest] = looks;
  if (!newest) return "none";
  return (
    <>
      {newest.actor}, <Time at={newest.at} />: {lookWords(newest.reason)}
    </>
  );
}
