/** Every route of the contract, joined from its subjects. */

import { artifactsRoutes } from "./artifacts.ts";
import type { Route } from "./base/route.ts";
import { batchRoutes } from "./batch.ts";
import { checkpointsRoutes } from "./checkpoints.ts";
import { checksRoutes } from "./checks.ts";
import { datasetsRoutes } from "./datasets.ts";
import { evaluationsRoutes } from "./evaluations.ts";
import { manifestsRoutes } from "./manifests.ts";
import { pointsRoutes } from "./points.ts";
import { projectsRoutes } from "./projects.ts";
import { runsRoutes } from "./runs.ts";
import { seriesRoutes } from "./series.ts";
import { serverRoutes } from "./server.ts";
import { tablePreviewRoutes } from "./table-preview.ts";

export const routes = {
  ...serverRoutes,
  ...projectsRoutes,
  ...runsRoutes,
  ...batchRoutes,
  ...pointsRoutes,
  ...manifestsRoutes,
  ...seriesRoutes,
  ...evaluationsRoutes,
  ...artifactsRoutes,
  ...checkpointsRoutes,
  ...datasetsRoutes,
  ...tablePreviewRoutes,
  ...checksRoutes,
} as const satisfies Record<string, Route>;
export type RouteName = keyof typeof routes;
