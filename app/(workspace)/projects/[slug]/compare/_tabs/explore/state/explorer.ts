/** What every view of the explorer is given. What is brushed stands apart: it changes with every frame. */
import type { PointedStore } from "@/app/_ui/parts/pointed.ts";
import type { AxisScale } from "./axis-scale.ts";
import type { Brush } from "./brushes.ts";
import type { Column, NumberColumn, Standing, Store, Towards } from "./columns.ts";
import type { ExploreSettings, ExploreView } from "./explore-address.ts";

export type Explorer = {
  slug: string;
  store: Store;
  view: ExploreSettings;
  /** Changes the view, and with it the address. */
  show: (change: Partial<ExploreView>) => void;
  brush: (column: string, brush: Brush | null) => void;
  axisOf: (column: Column) => AxisScale;
  objective: NumberColumn | null;
  better: Towards | null;
  standings: Standing[];
  /** The run that is pointed at, by its id. */
  pointed: PointedStore;
  openRun: (run: number) => void;
};
