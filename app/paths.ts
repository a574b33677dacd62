/** Every address that a page leads to or reads from, with what stands in it escaped. Pure. */

type PathQuery = string | URLSearchParams;

const part = encodeURIComponent;

/** The path alone where the query is empty. */
const withQuery = (path: string, query: PathQuery): string => {
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
};

export const homeHref = "/";
/** The projects, with the form for a new one open. */
export const newProjectHref = "/?new=1";

/** To sign in, and then to go on to `next`, a path of this site. */
export const signInHref = (next = homeHref): string =>
  withQuery("/sign-in", next === homeHref ? "" : `next=${part(next)}`);

/** To the provider to sign in there, and then on to `next`. */
export const providerSignInHref = (next: string): string =>
  withQuery("/sign-in/provider", next === homeHref ? "" : `next=${part(next)}`);
/** Where it is said why the provider let nobody in; `next` stays what it was. */
export const providerRefusedHref = (reason: string, next: string): string =>
  withQuery("/sign-in", new URLSearchParams({ refused: reason, ...(next !== homeHref && { next }) }));

export const accountHref = "/settings/account";
/** The member's account, with why it wasn't joined with the provider's. */
export const joinRefusedHref = (reason: string): string => withQuery(accountHref, `refused=${part(reason)}`);
export const membersHref = "/settings/members";
export const workspaceHref = "/settings/workspace";
/** How an agent or a terminal is connected. */
export const agentsHref = "/settings/agents";
/** The honest loop for agents to keep, and what this server is for programs; texts, for anybody. */
export const skillHref = "/skill.md";
export const llmsHref = "/llms.txt";

/** All datasets; `q`: those with its words; `shown`: how many. */
export const datasetsHref = ({ q = "", shown }: { q?: string; shown?: number } = {}): string =>
  withQuery(
    "/settings/datasets",
    new URLSearchParams({ ...(q !== "" && { q }), ...(shown !== undefined && { shown: String(shown) }) }),
  );

/** The audit; `query`: what of it. */
export const auditHref = (query: PathQuery = ""): string => withQuery("/settings/audit", query);

/** A project's runs; `query`: the view of them. */
export const projectHref = (slug: string, query: PathQuery = ""): string => withQuery(`/projects/${part(slug)}`, query);

/** Where a small model trains in the member's browser. */
export const trainHref = (slug: string): string => `${projectHref(slug)}/train`;

export const projectSettingsHref = (slug: string, section?: "replicates" | "primary-metric" | "test-split"): string =>
  `${projectHref(slug)}/settings${section === undefined ? "" : `#${section}`}`;

export const runHref = (slug: string, run: string, tab?: string): string =>
  withQuery(`${projectHref(slug)}/runs/${part(run)}`, tab === undefined ? "" : `tab=${part(tab)}`);

/** Runs side by side; `query`: which, and how. */
export const compareHref = (slug: string, query: PathQuery): string => withQuery(`${projectHref(slug)}/compare`, query);

/** A place of the page that is open, by what a fragment names it. */
export const placeHref = (anchor: string): string => `#${part(anchor)}`;
/** What a fragment names a checkpoint's row by. */
export const checkpointAnchor = (path: string): string => `checkpoint:${path}`;
export const checkpointHref = (slug: string, run: string, path: string): string =>
  `${runHref(slug, run, "files")}#${part(checkpointAnchor(path))}`;
export const runNotesHref = (slug: string, run: string): string => `${runHref(slug, run, "config")}#notes`;
/** The series of a run that are kept out of sight, and its looks. */
export const quarantineHref = (slug: string, run: string): string => `${runHref(slug, run)}#quarantine`;

export const evaluationsHref = (slug: string): string => `${projectHref(slug)}/evaluations`;
/** The report of an evaluation; `section`: the part of it to be read. */
export const evaluationHref = (slug: string, run: string, evaluation: string, section = ""): string =>
  `${runHref(slug, run)}/evaluations/${part(evaluation)}${section === "" ? "" : `#${section}`}`;
/** Its samples, the worst first; `query`: which of them. */
export const evaluationSamplesHref = (slug: string, run: string, evaluation: string, query: PathQuery = ""): string =>
  withQuery(`${evaluationHref(slug, run, evaluation)}/samples`, query);
/** Evaluations of one test split side by side; each as `run/evaluation`. */
export const compareEvaluationsHref = (slug: string, pairs: readonly string[]): string =>
  withQuery(
    `${evaluationsHref(slug)}/compare`,
    pairs.map((pair) => `e=${pair.split("/").map(part).join("/")}`).join("&"),
  );

/** A run whose project isn't known here: the server sends the reader on. */
export const anyRunHref = (run: string): string => `/runs/${part(run)}`;

/** The champion of a manifest; without one, of the manifest that was claimed on last. */
export const championHref = (slug: string, manifest?: string): string =>
  withQuery(`${projectHref(slug)}/champion`, manifest === undefined ? "" : `manifest=${part(manifest)}`);

export const championCardHref = (slug: string, manifest: string): string =>
  withQuery(`${projectHref(slug)}/champion/card`, `manifest=${part(manifest)}`);

export const manifestsHref = (slug: string): string => `${projectHref(slug)}/manifests`;

/** The form for a new manifest of a file; `dataset`: of a dataset that is there, the one that is chosen; `""`: none is. */
export const newManifestHref = (slug: string, dataset?: string): string =>
  withQuery(`${manifestsHref(slug)}/new`, dataset === undefined ? "" : `dataset=${part(dataset)}`);

export const manifestHref = (slug: string, manifest: string): string => `${manifestsHref(slug)}/${part(manifest)}`;
export const manifestSamplesHref = (slug: string, manifest: string): string =>
  `${manifestHref(slug, manifest)}/samples`;
export const manifestCompareHref = (slug: string, manifest: string): string =>
  `${manifestHref(slug, manifest)}/compare`;

/** A project's studies, the newest first. */
export const studiesHref = (slug: string): string => `${projectHref(slug)}/studies`;
/** The form for a new study; `query`: what its plan begins as. */
export const newStudyHref = (slug: string, query: PathQuery = ""): string =>
  withQuery(`${studiesHref(slug)}/new`, query);
/** A study, by its number in its project; `query`: how its panels are shown, `anchor`: the one to be read. */
export const studyHref = (slug: string, number: number, query: PathQuery = "", anchor = ""): string =>
  `${withQuery(`${studiesHref(slug)}/${number}`, query)}${anchor === "" ? "" : `#${part(anchor)}`}`;
export const editStudyHref = (slug: string, number: number): string => `${studyHref(slug, number)}/edit`;
/** The loop of a study; `query`: how it is shown. */
export const loopHref = (slug: string, number: number, query: PathQuery = ""): string =>
  withQuery(`${studyHref(slug, number)}/loop`, query);

/** The trials of a project that wait, run and have run, and its workers. */
export const queueHref = (slug: string): string => `${projectHref(slug)}/queue`;
/** The form in which a run's config is edited and queued as another run. */
export const copyRunHref = (slug: string, run: string): string =>
  withQuery(`${queueHref(slug)}/new`, `copy=${part(run)}`);

/** A report as anybody reads it who holds the link. */
export const sharedHref = (secret: string): string => `/shared/${part(secret)}`;

/** The ledger of a manifest's test split. */
export const manifestLooksHref = (slug: string, manifest: string): string => `${manifestHref(slug, manifest)}/looks`;
/** The test splits of a project, and how often each was looked at. */
export const looksHref = (slug: string): string => `${projectHref(slug)}/looks`;

/** What waits for the reader, and what they were told. */
export const inboxHref = "/inbox";
export const reviewsHref = (slug: string): string => `${projectHref(slug)}/reviews`;
/** A review, by its number in its project. */
export const reviewHref = (slug: string, number: number): string => `${reviewsHref(slug)}/${number}`;
/** The form that asks for a review; `query`: of what. */
export const newReviewHref = (slug: string, query: PathQuery = ""): string =>
  withQuery(`${reviewsHref(slug)}/new`, query);
/** What a project decided, and why. */
export const historyHref = (slug: string): string => `${projectHref(slug)}/history`;

/** How far the project's past can be believed. */
export const doubtsHref = (slug: string): string => `${projectHref(slug)}/doubts`;

export const healthApi = "/api/health";
export const eventsApi = "/api/events";

const projectApi = (slug: string): string => `/api/v1/projects/${part(slug)}`;
export const runApi = (run: string): string => `/api/v1/runs/${part(run)}`;
const manifestApi = (manifest: string): string => `/api/v1/manifests/${part(manifest)}`;

/** The signed certificate of a manifest's champion. */
export const certificateApi = (slug: string, manifest: string): string =>
  withQuery(`${projectApi(slug)}/champion/certificate`, `manifest=${part(manifest)}`);
export const championCardApi = (slug: string, manifest: string, format: "json" | "markdown"): string =>
  withQuery(`${projectApi(slug)}/champion/card`, new URLSearchParams({ manifest, format }));

export const runsCsvApi = (slug: string, query: PathQuery): string => withQuery(`${projectApi(slug)}/runs.csv`, query);
/** Runs with every point, as lines of JSON. */
export const exportApi = (slug: string, query: PathQuery): string =>
  withQuery(`${projectApi(slug)}/export.jsonl`, query);
export const historyApi = (slug: string, format: "json" | "markdown"): string =>
  withQuery(`${projectApi(slug)}/history`, `format=${format}`);
export const doubtsApi = (slug: string, format: "json" | "markdown"): string =>
  withQuery(`${projectApi(slug)}/doubts`, `format=${format}`);
/** Runs side by side, as programs and files have them. */
export const comparisonApi = (slug: string, query: PathQuery): string =>
  withQuery(`${projectApi(slug)}/comparison`, query);
export const manifestsCsvApi = (slug: string): string => `${projectApi(slug)}/manifests.csv`;
export const projectPointsApi = (slug: string, query: PathQuery): string =>
  withQuery(`${projectApi(slug)}/points`, query);
export const runPointsApi = (run: string, query: PathQuery): string => withQuery(`${runApi(run)}/metrics`, query);

const evaluationApi = (run: string, evaluation: string): string => `${runApi(run)}/evaluations/${part(evaluation)}`;
export const overlayApi = (run: string, evaluation: string, key: string): string =>
  withQuery(`${evaluationApi(run, evaluation)}/overlay`, new URLSearchParams({ key }));
export const reportApi = (run: string, evaluation: string): string => `${evaluationApi(run, evaluation)}/report`;
export const reportCsvApi = (run: string, evaluation: string): string => `${evaluationApi(run, evaluation)}/report.csv`;
export const verifyReportApi = (run: string, evaluation: string): string => `${evaluationApi(run, evaluation)}/verify`;
export const predictionsApi = (run: string, evaluation: string, format: string): string =>
  withQuery(`${evaluationApi(run, evaluation)}/predictions`, `format=${part(format)}`);

/** A file of a run; its slashes divide folders. */
export const artifactApi = (run: string, path: string): string =>
  `${runApi(run)}/artifacts/${path.split("/").map(part).join("/")}`;

/** A file of a run as a picture to be shown. */
export const pictureApi = (run: string, path: string): string => withQuery(artifactApi(run, path), "picture=1");

export const manifestExportApi = (slug: string, manifest: string, format: string): string =>
  withQuery(`${manifestApi(manifest)}/export`, new URLSearchParams({ format, project: slug }));

export const thumbnailApi = (slug: string, manifest: string, key: string): string =>
  withQuery(`${manifestApi(manifest)}/thumbnail`, new URLSearchParams({ project: slug, key }));

/** Says what a file's columns seem to be, and stores nothing. */
export const datasetPreviewApi = (query: PathQuery): string => withQuery("/api/v1/datasets/preview", query);

export const datasetUploadApi = (dataset: string, query: PathQuery): string =>
  withQuery(`/api/v1/datasets/${part(dataset)}/upload`, query);
