/** Near duplicates among the images of MNIST, registered as the trainer does it: how long, and how well they are found. */
import type { WordedReport } from "../../lib/wire/data/checks.ts";
import type { Alteration, Recall } from "../../lib/wire/data/recall.ts";
import { alterationWords } from "../../lib/words/check-words.ts";
import { readDataSet } from "../../trainer/src/data/sets.ts";
import { allSamples } from "../../trainer/src/data/split.ts";
import { completeDataset, registerDataset } from "../../trainer/src/manifests/dataset.ts";
import { awaitReport, requestSplit } from "../../trainer/src/manifests/manifest.ts";
import { type Context, type Row, rowOf, shown } from "../harness.ts";

const SECONDS = 300;
const QUICK_IMAGES = 10_000;
/** Per cent of planted copies that must be found; other kinds are told. */
const FOUND: Partial<Record<Alteration, number>> = {
  "re-encoded": 95,
  brighter: 95,
  mirrored: 95,
  "re-encoded-strongly": 90,
  noisy: 90,
};

/** Rows 17. */
export async function run({ mode, app, project, tokens, say }: Context): Promise<Row[]> {
  const set = await readDataSet(null);
  const every = allSamples(set);
  const samples = mode === "quick" ? every.slice(-QUICK_IMAGES) : every;
  const target = { url: app.url, token: tokens.ingest, project: project.id };
  const registeredFrom = performance.now();
  const dataset = { name: "images", version: "1" };
  await completeDataset(target, await registerDataset(target, set, samples, { ...dataset, description: "" }));
  const askedAt = performance.now();
  const given = { name: "images", dataset, method: "stratified", seed: 1 } as const;
  const [manifest] = await requestSplit(target, given);
  await awaitReport(target, manifest!.id);
  const seconds = (performance.now() - askedAt) / 1000;
  const report = await readReport(app.url, tokens.read, manifest!.id);
  const check = report.checks.find(({ name }) => name === "near-duplicates");
  if (!check?.recall) throw new Error(`the report has no recall of near duplicates: ${JSON.stringify(report)}`);
  say(`${check.verdict}, ${shown(check.findingCount)} pairs`);
  const images = `${shown(samples.length)} images`;
  return [
    rowOf({
      id: "17a",
      name: `${images} split and checked for near duplicates`,
      unit: "s",
      bar: { atMost: SECONDS, by: "loop" },
      against: `MNIST, from the request to split it 70/15/15 to the report; ${shown(check.findingCount)} pairs found`,
      samples: [seconds],
    }),
    rowOf({
      id: "17b",
      name: `${images} registered`,
      unit: "s",
      bar: null,
      against: "over HTTP as the trainer does it, with thumbnails",
      samples: [(askedAt - registeredFrom) / 1000],
    }),
    ...recallRows(check.recall),
  ];
}

async function readReport(url: string, token: string, manifest: string): Promise<WordedReport> {
  const response = await fetch(`${url}/api/v1/manifests/${manifest}/report`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return (await response.json()) as WordedReport;
}

function recallRows(recall: readonly Recall[]): Row[] {
  return recall.map(({ kind, planted, found, low, high }, at) => {
    const least = FOUND[kind];
    return rowOf({
      id: `17${String.fromCharCode(99 + at)}`,
      name: `of copies ${alterationWords(kind)}, found`,
      unit: "%",
      bar: least === undefined ? null : { atLeast: least },
      against: `${planted} planted copies, as the report says; the interval of 95 % is ${shown(low * 100)} to ${shown(high * 100)} %`,
      samples: [(found / planted) * 100],
    });
  });
}
