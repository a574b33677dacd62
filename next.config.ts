import type { NextConfig } from "next";

export default {
  poweredByHeader: false,
  reactStrictMode: true,
  typedRoutes: false,
  serverExternalPackages: ["postgres"],
} satisfies NextConfig;
