import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const every = ["{app,bench,lib,db,bin,trainer}/**/*.test.ts"];
/** Rooms of pure functions: their tests share a process, whose start and modules cost more than they do. */
const pure = [
  "app/_ui/**/*.test.ts",
  "lib/{compare/code,evaluations/panels,likeness,playbook,referee,search,splitting,statistics,table/language,wire,words}/**/*.test.ts",
  "lib/compare/{config-rows,difference,export,guard,sparklines,text-diff}.test.ts",
  "lib/{bounded-map,csv,json,openapi,problem}.test.ts",
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
