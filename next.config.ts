import type { NextConfig } from "next";

export default {
  poweredByHeader: false,
  devIndicators: { position: "bottom-right" },
  reactStrictMode: true,
  typedRoutes: false,
  // npm test checks the types, tests included, with what only developing needs; npm start builds without it
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ["postgres"],
} satisfies NextConfig;
