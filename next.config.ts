import type { NextConfig } from "next";

export default {
  poweredByHeader: false,
  devIndicators: { position: "bottom-right" },
  reactStrictMode: true,
  typedRoutes: false,
  // npm test checks the types, tests included, with what only developing needs; npm start builds without it
  typescript: { ignoreBuildErrors: true },
  // a live page whose refresh meets a server that is away waits for it; else the browser shows its own error page
  experimental: { useOffline: true },
  serverExternalPackages: ["postgres"],
} satisfies NextConfig;
