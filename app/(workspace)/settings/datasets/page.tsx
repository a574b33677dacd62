import { Database } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { Input } from "@/app/_ui/parts/field.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { datasetsHref } from "@/app/paths.ts";
import { can } from "@/lib/access/permissions.ts";
import { type GivenDataset, listGivenDatasets } from "@/lib/datasets/giving.ts";
import { listProjects } from "@/lib/projects/projects.ts";
import { GiveDataset } from "./give-dataset.tsx";
import { HolderChip } from "./holder-chip.tsx";

export const metadata: Metadata = { title: "Datasets" };

const PAGE = 50;

type DatasetsPageProps = { searchParams: Promise<Partial<Record<"q" | "shown", string | string[]>>> };

export default async function DatasetsPage({ searchParams }: DatasetsPageProps) {
  const member = await currentMember();
  if (!can(member, "datasets.give")) notFound();
  const params = await searchParams;
  const q = typeof params.q === "string" ? params.q : "";
  const shown = Math.max(PAGE, Math.floor(Number(params.shown)) || PAGE);
  const [{ datasets, isCut }, projects] = await Promise.all([
    listGivenDatasets(member, { q, limit: shown }),
    listProjects(member),
  ]);
  const choices = projects.map(({ id, name }) => [id, name] as const);
  const waiting = datasets.filter((dataset) => dataset.projects.length === 0);
  const held = datasets.filter((dataset) => dataset.projects.length > 0);
  return (
    <>
      <PageHeader title="Datasets" />
      <p className="max-w-160 px-4 pb-4 text-sm text-muted md:px-6">
        A dataset is of the projects that were given it, and no other project reaches its samples. The project that
        registers one has it. It stays where a project has manifests of it.
      </p>
      {(q !== "" || isCut || datasets.length > 10) && <FindDatasets q={q} />}
      {datasets.length === 0 && q === "" && (
        <Empty icon={Database} title="No datasets yet">
          <p>Trainers register them, and members upload files on a project's page of manifests.</p>
        </Empty>
      )}
      {datasets.length === 0 && q !== "" && (
        <p className="px-4 py-6 text-sm text-muted md:px-6">No dataset has these words in its name or version.</p>
      )}
      <DatasetList title="Wait for a project" datasets={waiting} projects={choices} />
      <DatasetList title="Given to projects" datasets={held} projects={choices} />
      {isCut && (
        <p className="px-4 py-3 md:px-6">
          <Link
            prefetch={false}
            href={datasetsHref({ q, shown: shown + PAGE })}
            scroll={false}
            className={buttonClass()}
          >
            Show {PAGE} more
          </Link>
        </p>
      )}
    </>
  );
}

function FindDatasets({ q }: { q: string }) {
  return (
    <form action={datasetsHref()} className="flex gap-2 px-4 pb-4 md:px-6">
      <Input
        type="search"
        name="q"
        defaultValue={q}
        aria-label="Find a dataset"
        placeholder="Name or version"
        className="max-w-70"
      />
      <button type="submit" className={buttonClass()}>
        Find
      </button>
    </form>
  );
}

type DatasetListProps = { title: string; datasets: GivenDataset[]; projects: (readonly [string, string])[] };

function DatasetList({ title, datasets, projects }: DatasetListProps) {
  if (datasets.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2 className="px-4 pb-1 text-sm font-medium text-muted md:px-6">{title}</h2>
      <ul className="mb-4 border-t border-line">
        {datasets.map((dataset) => (
          <DatasetItem key={dataset.id} dataset={dataset} projects={projects} />
        ))}
      </ul>
    </section>
  );
}

type DatasetItemProps = { dataset: GivenDataset; projects: (readonly [string, string])[] };

function DatasetItem({ dataset, projects }: DatasetItemProps) {
  const { id, name, version, completedAt, createdAt, projects: holders } = dataset;
  const named = `${name} ${version}`;
  const others = projects.filter(([project]) => !holders.some((holder) => holder.id === project));
  return (
    <li className="flex items-start gap-4 border-b border-line px-4 py-3 md:px-6">
      <div className="grid min-w-0 flex-1 grid-cols-1 gap-2">
        <p className="flex flex-wrap items-baseline gap-x-3 text-sm">
          <span className="min-w-0 break-words font-medium">{name}</span>
          <span className="text-muted">version {version}</span>
          <span className="text-muted">
            <Time at={createdAt} />
            {completedAt === null && ", not complete"}
          </span>
        </p>
        {holders.length === 0 ? (
          <p className="text-sm">
            <Badge tone="warning">waits for a project</Badge>
          </p>
        ) : (
          <ul aria-label={`Projects of ${named}`} className="flex flex-wrap gap-1.5">
            {holders.map((holder) => (
              <HolderChip key={holder.id} dataset={id} named={named} holder={holder} />
            ))}
          </ul>
        )}
      </div>
      <GiveDataset id={id} named={named} projects={others} />
    </li>
  );
}
