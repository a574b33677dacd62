import { ChartLine } from "lucide-react";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { QuarantineNotice } from "./quarantine.tsx";
import { isOfSystem, SeriesCharts } from "./series-charts.tsx";
import type { TabProps } from "./tab.ts";

/** What the model learnt, and which series are kept out of the charts. */
export function ChartsTab({ run, series: { series, quarantined }, standing, member }: TabProps) {
  const shown = series.filter(({ metric }) => !isOfSystem(metric));
  return (
    <>
      {shown.length > 0 ? (
        <SeriesCharts run={run} series={shown} standing={standing} member={member} />
      ) : (
        <Empty icon={ChartLine} title="No points yet">
          <p>The first point that the trainer logs appears here by itself.</p>
        </Empty>
      )}
      {quarantined.length > 0 && <QuarantineNotice run={run} member={member} quarantined={quarantined} />}
    </>
  );
}
