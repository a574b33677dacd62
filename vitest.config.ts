import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const exclude = ["**/node_modules/**"];
const every = ["{app,bench,lib,db,bin,servers,trainer}/**/*.test.ts"];
/**
 * What needs a process of its own: it mocks packages, replaces what is global, ends what the process has started, or
 * trains (TensorFlow.js has one engine a process). All others share processes, whose start and modules cost more than
 * most files do: a file leaves the process as it found it.
 */
const alone = [
  "app/actions.test.ts",
  "app/_ui/live/live-events.test.ts",
  "app/api/{downloads,python-worker,trouble,worker}.test.ts",
  "app/?workspace?/projects/?slug?/train/**/*.test.ts",
  "bin/**/*.test.ts",
  "bench/**/*.test.ts",
  "db/**/*.test.ts",
  "servers/**/*.test.ts",
  "lib/live/*.test.ts",
  "lib/blobs/*.test.ts",
  "lib/artifacts/pictures.test.ts",
  "lib/access/provider-sign-in.test.ts",
  "lib/datasets/tables.test.ts",
  "trainer/src/{backend,client,model,commands}/**/*.test.ts",
  "trainer/src/train.test.ts",
  "trainer/src/manifests/refused-manifest.test.ts",
];

const resolve = { alias: { "@": file("."), "server-only": file("node_modules/server-only/empty.js") } };
const common = {
  setupFiles: file("bin/test/draws.ts"),
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // a second, as it is otherwise, is little for a new connection on a busy machine
  expect: { poll: { timeout: 10_000 } },
};

export default defineConfig({
  test: {
    // once a run, for both projects
    globalSetup: [file("db/test-server.ts"), file("trainer/src/test/test-build.ts")],
    // tests wait for the database and for processes: on two cores two workers leave a third of the time idle
    maxWorkers: Math.max(3, availableParallelism() - 1),
    projects: [
      { resolve, test: { ...common, name: "alone", include: alone, exclude } },
      { resolve, test: { ...common, name: "shared", include: every, exclude: [...exclude, ...alone], isolate: false } },
    ],
  },
});
