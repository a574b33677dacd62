/** In place of rows: why there are none, and above those that stood there before. */
import { SearchX } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { countWords, numberWords } from "@/lib/words/numbers.ts";
import { type RunsView, viewHref } from "../state/runs-view.ts";

type NoMatchProps = {
  project: { slug: string; runCount: number };
  view: RunsView;
  /** The rows that the filter leaves out, to be seen and not to be used. */
  children: ReactNode;
};

/** No run meets the filter. */
export function NoMatch({ project: { slug, runCount }, view, children }: NoMatchProps) {
  const words = runCount === 1 ? "The one run doesn't match." : `None of the ${numberWords(runCount)} runs matches.`;
  return (
    <div className="min-w-0 flex-1">
      <p role="status" className="flex items-center gap-2 px-4 pb-2 text-sm md:px-6">
        <SearchX aria-hidden className="size-4 shrink-0 text-muted" />
        <span>
          {words}{" "}
          <Link className="text-accent underline" href={viewHref(slug, { ...view, q: "" })} prefetch={false}>
            Show all
          </Link>
        </span>
      </p>
      <div inert className="opacity-40">
        {children}
      </div>
    </div>
  );
}

/** All runs of the project are archived. */
export function AllArchived({ project: { slug, runCount }, view }: Omit<NoMatchProps, "children">) {
  return (
    <div className="min-w-0 flex-1">
      <Empty
        icon={SearchX}
        title={runCount === 1 ? "The run is archived" : `All ${countWords(runCount, "run")} are archived`}
      >
        <Link className="text-accent underline" href={viewHref(slug, { ...view, archived: true })} prefetch={false}>
          Show archived runs
        </Link>
      </Empty>
    </div>
  );
}
