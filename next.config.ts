import type { NextConfig } from "next";

export default {
  poweredByHeader: false,
  devIndicators: { position: "bottom-right" },
  reactStrictMode: true,
  typedRoutes: false,
  serverExternalPackages: ["postgres"],
} satisfies NextConfig;
