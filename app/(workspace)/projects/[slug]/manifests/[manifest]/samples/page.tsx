import { ChevronRight } from "lucide-react";
import type { Metadata } from "next";
import Form from "next/form";
import Link from "next/link";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { Thumbnail } from "@/app/_ui/domain/thumbnail.tsx";
import { WideTable } from "@/app/_ui/figures/wide-table.tsx";
import { Button, buttonClass } from "@/app/_ui/parts/button.tsx";
import { Input, Select } from "@/app/_ui/parts/field.tsx";
import { listFailedChecks } from "@/lib/checks/report.ts";
import { getManifest } from "@/lib/manifests/manifests.ts";
import { listSamples, type SampleFilter, type ShownSample } from "@/lib/manifests/samples.ts";
import { getProject } from "@/lib/projects/projects.ts";
import { splits } from "@/lib/wire/base/words.ts";
import { ManifestPageHeader } from "../manifest-header.tsx";

export const metadata: Metadata = { title: "Samples" };

type Props = {
  params: Promise<{ slug: string; manifest: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function SamplesPage({ params, searchParams }: Props) {
  const member = await currentMember();
  const { slug, manifest: id } = await params;
  const project = await getProject(member, decodeURIComponent(slug));
  const manifest = project && (await getManifest(member, project.id, id));
  if (!manifest) notFound();
  const query = await searchParams;
  const filter = Object.fromEntries(
    (["split", "label", "group", "key", "after"] as const).flatMap((name) => {
      const value = query[name];
      return typeof value === "string" && value !== "" ? [[name, value]] : [];
    }),
  ) as SampleFilter;
  if (filter.split && !splits.some((split) => split === filter.split)) filter.split = undefined;
  const [{ samples, more }, failed] = await Promise.all([
    listSamples(member, project.id, id, filter),
    listFailedChecks(member, project.id),
  ]);
  const next = new URLSearchParams({ ...filter, after: samples.at(-1)?.key ?? "" } as Record<string, string>);
  return (
    <>
      <ManifestPageHeader manifest={manifest} checksFailed={failed.has(id)} projectName={project.name} />
      <Form action="" className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2 md:px-6">
        <Select
          aria-label="Split"
          name="split"
          defaultValue={filter.split ?? ""}
          options={[["", "every split"], ...splits.map((split) => [split, split] as const)]}
          className="max-w-40"
        />
        {(["label", "group", "key"] as const).map((name) => (
          <Input
            key={name}
            name={name}
            aria-label={name}
            placeholder={name === "key" ? "part of the key" : name}
            defaultValue={filter[name]}
            className="max-w-40"
          />
        ))}
        <Button type="submit">Filter</Button>
      </Form>
      {samples.length === 0 ? (
        <p className="px-4 py-16 text-center text-sm text-muted">No sample matches.</p>
      ) : (
        <SampleTable slug={project.slug} manifest={id} samples={samples} />
      )}
      {more && (
        <div className="px-4 py-3 md:px-6">
          <Link href={`?${next}`} prefetch={false} className={buttonClass()}>
            Next
            <ChevronRight aria-hidden />
          </Link>
        </div>
      )}
    </>
  );
}

type SampleTableProps = { slug: string; manifest: string; samples: ShownSample[] };

function SampleTable({ slug, manifest, samples }: SampleTableProps) {
  return (
    <WideTable>
      <table className="w-full min-w-180 text-sm">
        <thead>
          <tr className="h-8 border-b border-line text-left text-xs text-muted">
            <th className="px-4 font-medium md:px-6">Key</th>
            <th className="px-3 font-medium">Split</th>
            <th className="px-3 font-medium">Label</th>
            <th className="px-3 font-medium">Group</th>
            <th className="px-3 font-medium">Time</th>
            <th className="px-3 font-medium">Content</th>
          </tr>
        </thead>
        <tbody>
          {samples.map((sample) => (
            <tr key={sample.key} className="h-8 border-b border-line hover:bg-hover">
              <td className="px-4 md:px-6">
                <span className="flex items-center gap-2">
                  {sample.hasThumbnail && <Thumbnail place={{ slug, manifest }} sampleKey={sample.key} size={24} />}
                  <span className="font-mono text-xs">{sample.key}</span>
                  {sample.text && <span className="max-w-100 truncate text-muted">{sample.text}</span>}
                </span>
              </td>
              <td className="px-3">{sample.split}</td>
              <td className="px-3">{sample.sealed ? <span className="text-muted">sealed</span> : sample.label}</td>
              <td className="px-3">{sample.group}</td>
              <td className="px-3 whitespace-nowrap tabular-nums">{sample.time?.toISOString().slice(0, 19)}</td>
              <td className="px-3 font-mono text-xs text-muted" title={sample.contentHash}>
                {sample.contentHash.slice(0, 12)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </WideTable>
  );
}
