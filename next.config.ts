import type { NextConfig } from "next";

export default {
  poweredByHeader: false,
  devIndicators: { position: "bottom-right" },
  reactStrictMode: true,
  typedRoutes: false,
  // npm test checks the types, tests included, with what only developing needs; npm start builds without it
  typescript: { ignoreBuildErrors: true },
  experimental: {
    // a live page whose refresh meets a server that is away waits for it; else the browser shows its own error page
    useOffline: true,
    // most builds are an installation's only one: maps that nothing reads, and a cache for the next, take a third of it
    turbopackSourceMaps: process.env.NODE_ENV === "development",
    turbopackFileSystemCacheForBuild: false,
    // what the server runs is never sent; to make it smaller takes an eighth of the build
    serverMinification: false,
    // a page's program is read at its first visit: all of them at once take 100 MB, and hold up who comes first by two seconds
    preloadEntriesOnStart: false,
  },
  // the server reads these as they are; bundled, each route has a copy of its own to be compiled
  serverExternalPackages: [
    "postgres",
    "prom-client",
    "drizzle-orm",
    "better-auth",
    "@better-auth/core",
    "@better-auth/passkey",
    "@better-auth/utils",
    "better-call",
    "openid-client",
    "zod",
    "@modelcontextprotocol/sdk",
    "@aws-sdk/client-s3",
    "@aws-sdk/lib-storage",
    "@aws-sdk/s3-request-presigner",
  ],
} satisfies NextConfig;
