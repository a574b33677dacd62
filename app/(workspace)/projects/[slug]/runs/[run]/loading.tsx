import { CHART_HEIGHT } from "@/app/_ui/chart-layout.ts";
import { Skeleton } from "@/app/_ui/skeleton.tsx";

const CHARTS = 4;

/** As tall as what it stands for, so that nothing moves when that arrives. */
export default function RunLoading() {
  return (
    <div role="status" aria-label="Loading the run">
      <div className="flex h-12 items-center gap-3 border-b border-line px-4 md:px-6">
        <Skeleton className="h-4 w-28" />
        <Skeleton className="h-4 w-48" />
      </div>
      <div className="flex h-10 items-center gap-4 px-4 md:px-6">
        <Skeleton className="h-4 w-20" />
        <Skeleton className="h-4 w-40" />
      </div>
      <div className="flex h-9 items-center gap-4 border-b border-line px-4 md:px-6">
        <Skeleton className="h-4 w-14" />
        <Skeleton className="h-4 w-28" />
        <Skeleton className="h-4 w-12" />
        <Skeleton className="h-4 w-12" />
      </div>
      <div className="h-12 border-b border-line" />
      <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,360px),1fr))]">
        {Array.from({ length: CHARTS }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they never move
          <div key={index} className="border-r border-b border-line px-4 pt-3 pb-2">
            <Skeleton className="my-1.5 h-4 w-24" />
            <Skeleton className="my-0.5 h-4 w-40" />
            <div style={{ height: CHART_HEIGHT }} className="py-2">
              <Skeleton className="h-full w-full" />
            </div>
            <div className="h-5" />
          </div>
        ))}
      </div>
    </div>
  );
}
