/** Every route of the contract, joined from its subjects. */

import { artifactsRoutes } from "./artifacts.ts";
import type { Route } from "./base/route.ts";
import { signingKeyRoutes } from "./certificates/signing-key.ts";
import { championCardRoutes } from "./champion-card.ts";
import { championsRoutes } from "./champions.ts";
import { checkpointsRoutes } from "./checkpoints.ts";
import { comparisonRoutes } from "./comparison.ts";
import { checksRoutes } from "./data/checks.ts";
import { datasetsRoutes } from "./data/datasets.ts";
import { manifestsRoutes } from "./data/manifests.ts";
import { refereeSplitsRoutes } from "./data/referee-splits.ts";
import { tablePreviewRoutes } from "./data/table-preview.ts";
import { doubtsRoutes } from "./doubts.ts";
import { evaluatedSamplesRoutes } from "./evaluated-samples.ts";
import { evaluableRoutes } from "./evaluations/evaluable.ts";
import { evaluationsRoutes } from "./evaluations/evaluations.ts";
import { looksRoutes } from "./evaluations/looks.ts";
import { sharesRoutes } from "./evaluations/shares.ts";
import { exportsRoutes } from "./exports.ts";
import { importsRoutes } from "./imports.ts";
import { batchRoutes } from "./points/batch.ts";
import { pointsRoutes } from "./points/points.ts";
import { seriesRoutes } from "./points/series.ts";
import { projectsRoutes } from "./projects.ts";
import { reportRoutes } from "./report.ts";
import { historyRoutes } from "./reviews/history.ts";
import { inboxRoutes } from "./reviews/inbox.ts";
import { reviewsRoutes } from "./reviews/reviews.ts";
import { threadsRoutes } from "./reviews/threads.ts";
import { runColumnsRoutes } from "./run-columns.ts";
import { runsRoutes } from "./runs.ts";
import { serverRoutes } from "./server.ts";
import { answersRoutes } from "./studies/answers.ts";
import { candidatesRoutes } from "./studies/candidates.ts";
import { loopRunsRoutes } from "./studies/loop-runs.ts";
import { loopsRoutes } from "./studies/loops.ts";
import { studiesRoutes } from "./studies/studies.ts";
import { trialsRoutes } from "./studies/trials.ts";
import { tokensRoutes } from "./tokens.ts";

export const routes = {
  ...serverRoutes,
  ...projectsRoutes,
  ...tokensRoutes,
  ...runsRoutes,
  ...comparisonRoutes,
  ...runColumnsRoutes,
  ...exportsRoutes,
  ...importsRoutes,
  ...batchRoutes,
  ...pointsRoutes,
  ...manifestsRoutes,
  ...seriesRoutes,
  ...evaluableRoutes,
  ...evaluationsRoutes,
  ...looksRoutes,
  ...reportRoutes,
  ...sharesRoutes,
  ...evaluatedSamplesRoutes,
  ...artifactsRoutes,
  ...checkpointsRoutes,
  ...championsRoutes,
  ...championCardRoutes,
  ...signingKeyRoutes,
  ...datasetsRoutes,
  ...tablePreviewRoutes,
  ...checksRoutes,
  ...answersRoutes,
  ...studiesRoutes,
  ...trialsRoutes,
  ...loopsRoutes,
  ...loopRunsRoutes,
  ...candidatesRoutes,
  ...refereeSplitsRoutes,
  ...reviewsRoutes,
  ...threadsRoutes,
  ...inboxRoutes,
  ...historyRoutes,
  ...doubtsRoutes,
} as const satisfies Record<string, Route>;
export type RouteName = keyof typeof routes;
