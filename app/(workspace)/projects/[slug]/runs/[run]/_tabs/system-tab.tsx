import { Cpu } from "lucide-react";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { isOfSystem, SeriesCharts } from "./series-charts.tsx";
import type { TabProps } from "./tab.ts";

/** What the client measured of the machine. */
export function SystemTab({ run, series: { series }, standing, member }: TabProps) {
  const shown = series.filter(({ metric }) => isOfSystem(metric));
  if (shown.length > 0) return <SeriesCharts run={run} series={shown} standing={standing} member={member} />;
  return (
    <Empty icon={Cpu} title="Nothing measured of the machine">
      <p>
        The trainer's client logs CPU, memory and GPU of its process every ten seconds, as <code>system/…</code>.
      </p>
    </Empty>
  );
}
