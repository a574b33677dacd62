import { Trophy } from "lucide-react";
import Link from "next/link";
import { championHref, runHref } from "@/app/paths.ts";
import type { ChampionName } from "@/lib/champions/champion-page.ts";

const SHOWN = 3;

/** The champions of a project's manifests, the newest first, above its runs. */
export function ChampionLine({ slug, champions }: { slug: string; champions: ChampionName[] }) {
  if (champions.length === 0) return null;
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 px-4 pt-2 text-sm text-muted md:px-6 [&_svg]:size-3.5">
      <Trophy aria-hidden />
      Champion
      {champions.slice(0, SHOWN).map(({ run, name, manifest, manifestName }) => (
        <span key={manifest} className="min-w-0 truncate">
          <Link href={runHref(slug, run)} prefetch={false} className="font-medium text-text hover:text-accent">
            {name}
          </Link>{" "}
          on{" "}
          <Link href={championHref(slug, manifest)} prefetch={false} className="underline hover:text-text">
            {manifestName}
          </Link>
        </span>
      ))}
      {champions.length > SHOWN && (
        <Link href={championHref(slug)} prefetch={false} className="underline">
          and {champions.length - SHOWN} more
        </Link>
      )}
    </p>
  );
}
