/** The heads of columns that stand for runs. */

import { LineMark } from "@/app/_ui/charts/plot/line-mark.tsx";
import { dashOf } from "@/app/_ui/charts/plot/traces.ts";
import type { RunLook } from "@/app/_ui/parts/run-color.ts";

export type RunColumn = { id: string; name: string; look: RunLook; isBaseline: boolean };

export const RunHeads = ({ runs }: { runs: RunColumn[] }) =>
  runs.map(({ id, name, look, isBaseline }) => (
    <th key={id} scope="col" className="w-48 min-w-48 px-2 py-1.5 text-left align-bottom font-medium">
      <span className="line-clamp-2 wrap-anywhere" title={name}>
        {name}
      </span>
      <span className="flex h-4 items-center gap-1.5 text-xs font-normal text-muted">
        <LineMark color={look.color} dash={dashOf("train", false, look.round)} />
        {isBaseline && "baseline"}
      </span>
    </th>
  ));
