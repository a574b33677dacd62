import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: { alias: { "@": file("."), "server-only": file("node_modules/server-only/empty.js") } },
  test: {
    include: ["{app,bench,lib,db,bin,trainer}/**/*.test.ts"],
    globalSetup: file("db/test-server.ts"),
    setupFiles: file("bin/test/draws.ts"),
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
