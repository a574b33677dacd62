import { notFound, redirect } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { runHref } from "@/app/paths.ts";
import { getRun } from "@/lib/runs/runs.ts";

/** A run's page by its id alone, as trainers print it before the server has told them the project. */
export default async function RunById({ params }: { params: Promise<{ run: string }> }) {
  const run = await getRun(await currentMember(), (await params).run);
  if (!run) notFound();
  redirect(runHref(run.slug, run.id));
}
