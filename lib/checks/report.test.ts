/** What is stored of a report, and what earlier versions stored. */
import { expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { systemActor } from "../access/actor.ts";
import { check, clean, found } from "../datasets/test-samples.ts";
import { registerManifest } from "../manifests/register.ts";
import { prepareWorkspace } from "../test-workspace.ts";
import { manifestReportSchema } from "../wire/data/checks.ts";
import { wordedReport } from "../words/check-words.ts";
import { judgePairs } from "./near/near-pairs.ts";
import { getReport } from "./report.ts";

prepareWorkspace();

const leaking = (named: string) =>
  clean(100).map((row, at) => ({
    ...row,
    content: at === 1 || at === 17 ? `${named} copy` : `${named} ${row.key}`,
    group: `patient ${at === 18 ? 3 : at}`,
  }));

test("a report is stored as kinds and figures, and answered with the sentences beside them", async () => {
  const { manifest, report } = await check(leaking("stored"));
  const [stored] = await connections().sql<{ checks: object[] }[]>`
    select checks from manifest_reports where manifest_id = ${manifest.id}`;
  expect(JSON.stringify(stored!.checks)).not.toMatch(/"(detail|note)"/);
  const answer = wordedReport(report);
  expect(manifestReportSchema.parse(JSON.parse(JSON.stringify(answer)))).toEqual(answer);
  expect(found(answer, "exact-duplicates")).toMatchObject({
    statements: [{ kind: "contents-in-two-splits", figures: { contents: 1, testSamples: 1, tests: 20 } }],
    detail: expect.stringContaining("1 test sample of 20 (5.0 %) can be known from training or tuning."),
    findings: [{ kind: "same-content", figures: { samples: 2 }, note: "2 samples alike" }],
  });
  expect(found(answer, "groups").detail).toContain("1 group of 99 stands in more than one split");
});

/** A check as reports kept it before they kept kinds. */
const earlier = {
  name: "near-duplicates",
  verdict: "warn",
  withoutPairs: "pass",
  findingCount: 1,
  detail: "1 pair of samples of two splits looks the same, as it was said then.",
  figures: { pairs: 1, testSamples: 1, ofThen: 3 },
  findings: [{ keys: ["s00001", "s00017"], splits: ["train", "test"], note: "alike to 0.991, as it was noted then" }],
};

test("a report of an earlier version is shown with its own sentences, and a word on its pairs counts as ever", async () => {
  const { project, manifest } = await check(clean(100).map((row) => ({ ...row, content: `first ${row.key}` })));
  const next = await registerManifest(systemActor, {
    project: project.id,
    name: "earlier",
    dataset: manifest.dataset,
    method: "random",
    seed: 3,
  });
  const { sql } = connections();
  await sql`insert into manifest_reports (manifest_id, verdict, checks) values (${next.id}, 'warn', ${sql.json([earlier])})`;
  await sql`insert into near_pairs (manifest_number, a_key, b_key, similarity, mirrored)
    select number, 's00001', 's00017', .991, false from manifests where id = ${next.id}`;
  const read = async () => {
    const answer = wordedReport(await getReport(systemActor, project.id, next.id));
    return found(answer, "near-duplicates");
  };
  expect(await read()).toEqual({
    name: "near-duplicates",
    verdict: "warn",
    findingCount: 1,
    figures: earlier.figures,
    statements: [{ kind: "earlier-text", figures: { text: earlier.detail } }],
    detail: earlier.detail,
    findings: [
      {
        ...earlier.findings[0],
        kind: "earlier-note",
        figures: { text: "alike to 0.991, as it was noted then" },
      },
    ],
  });
  await judgePairs(systemActor, project.id, next.id, { pairs: [["s00001", "s00017"]], same: false });
  expect(await read()).toMatchObject({
    verdict: "pass",
    detail: `The pair that the search found was told apart by people. Before that the check said: ${earlier.detail}`,
  });
});
