"use server";
import { redirect } from "next/navigation";
import { act, textOf } from "@/app/_ui/acts/action.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { projectHref } from "@/app/paths.ts";
import { createProject } from "@/lib/projects/projects.ts";

/** Creates a project and goes to its page. */
export async function createProjectAction(_previous: ActionOutcome | null, form: FormData): Promise<ActionOutcome> {
  return act(async (member) => {
    const { slug } = await createProject(member, {
      name: textOf(form, "name").trim(),
      primaryMetric: textOf(form, "primaryMetric").trim() || null,
      primarySplit: textOf(form, "primarySplit"),
      primaryDirection: textOf(form, "primaryDirection"),
    });
    redirect(projectHref(slug));
  });
}
