/** Every table and view by name: what Drizzle and the migrations ask for. Who needs one imports its own file. */
import * as champions from "./champions.ts";
import * as datasets from "./datasets.ts";
import * as evaluations from "./evaluations.ts";
import * as files from "./files.ts";
import * as final from "./final.ts";
import * as imported from "./imported.ts";
import * as inbox from "./inbox.ts";
import * as interop from "./interop.ts";
import * as jobs from "./jobs.ts";
import * as manifests from "./manifests.ts";
import * as people from "./people.ts";
import * as projects from "./projects.ts";
import * as reviews from "./reviews.ts";
import * as runs from "./runs.ts";
import * as series from "./series.ts";
import * as studies from "./studies.ts";
import * as studyAnswers from "./study-answers.ts";
import * as webhooks from "./webhooks.ts";

export const tables = {
  ...champions,
  ...datasets,
  ...evaluations,
  ...files,
  ...final,
  ...imported,
  ...inbox,
  ...interop,
  ...jobs,
  ...manifests,
  ...people,
  ...projects,
  ...reviews,
  ...runs,
  ...series,
  ...studies,
  ...studyAnswers,
  ...webhooks,
};
