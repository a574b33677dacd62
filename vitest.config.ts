import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const every = ["{app,bench,lib,db,bin,trainer}/**/*.test.ts"];
/** Pure functions: their tests share a process, whose start and modules cost more than they do. */
const pure = [
  "app/{paths,api/file-name,api/params}.test.ts",
  "app/?workspace?/settings/audit/audit-query.test.ts",
  "app/?workspace?/projects/?slug?/{compare,manifests,queue,runs}/**/*.test.ts",
  "app/?workspace?/projects/?slug?/_table/state/usable-view.test.ts",
  "app/_ui/**/*.test.ts",
  "lib/{compare/code,evaluations/panels,likeness,playbook,referee,search,splitting,statistics,table/language,wire,words}/**/*.test.ts",
  "lib/compare/{config-rows,difference,export,guard,sparklines,text-diff}.test.ts",
  "lib/{bounded-map,csv,json,openapi,problem}.test.ts",
  "lib/{access/callers,studies/panels,studies/standing}/*.test.ts",
  "lib/{checks/next-act,checks/near/pair-families,compare/export/text,datasets/mask-png,metrics/points/extend-summary}.test.ts",
  "lib/evaluations/{cuts,report-csv,live/seeds,paired/paired}.test.ts",
  "lib/{reviews/mentions,reviews/review-state,runs/config-differences,runs/flatten,studies/warnings}.test.ts",
  "lib/tables/{guess-roles,parquet}.test.ts",
  "trainer/src/{commands/demo,config/settings,data/data,data/table-rows,manifests/manifest}.test.ts",
];

export default defineConfig({
  resolve: { alias: { "@": file("."), "server-only": file("node_modules/server-only/empty.js") } },
  test: {
    setupFiles: file("bin/test/draws.ts"),
    // tests wait for the database and for processes: on two cores two workers leave a third of the time idle
    maxWorkers: Math.max(3, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // a second, as it is otherwise, is little for a new connection on a busy machine
    expect: { poll: { timeout: 10_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: "rest",
          include: every,
          exclude: ["**/node_modules/**", ...pure],
          globalSetup: [file("db/test-server.ts"), file("trainer/src/test/test-build.ts")],
        },
      },
      { extends: true, test: { name: "pure", include: pure, isolate: false } },
    ],
  },
});
