import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: { alias: { "@": file("."), "server-only": file("node_modules/server-only/empty.js") } },
  test: {
    include: ["{app,bench,lib,db,bin,trainer}/**/*.test.ts"],
    globalSetup: file("db/test-server.ts"),
    setupFiles: file("bin/test/draws.ts"),
    // tests wait for the database and for processes: on two cores one worker leaves one of them idle
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
