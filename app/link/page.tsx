import type { Metadata } from "next";
import { pathWithin } from "@/app/_ui/parts/next-path.ts";
import { LinkForm } from "./link-form.tsx";

export const metadata: Metadata = { title: "Link" };

type LinkPageProps = { searchParams: Promise<{ next?: string | string[] }> };

export default async function LinkPage({ searchParams }: LinkPageProps) {
  return <LinkForm next={pathWithin((await searchParams).next)} />;
}
