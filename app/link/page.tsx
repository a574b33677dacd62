import type { Metadata } from "next";
import { pathWithin } from "@/app/_ui/parts/next-path.ts";
import { readProvider } from "@/lib/access/provider/settings.ts";
import { LinkForm } from "./link-form.tsx";

export const metadata: Metadata = { title: "Link" };

type LinkPageProps = { searchParams: Promise<{ next?: string | string[] }> };

export default async function LinkPage({ searchParams }: LinkPageProps) {
  const next = pathWithin((await searchParams).next);
  return <LinkForm next={next} provider={readProvider().provider?.name ?? null} />;
}
