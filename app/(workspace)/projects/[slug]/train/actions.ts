"use server";
/** What a member's page asks the server for when a training starts in the browser. */
import { actOn, projectId, textOf } from "@/app/_ui/acts/action.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { type BrowserRun, startInBrowser } from "@/lib/runs/start-in-browser.ts";

/** Makes the run, and the token by which the worker logs to it. */
export const startTrainingAction = async (project: string, form: FormData): Promise<ActionOutcome<BrowserRun>> =>
  actOn(
    { project: projectId },
    { project },
    (member, given) => {
      const settings = ["learningRate", "hiddenUnits", "epochs", "optimizer", "seed"].map((name) => [
        name,
        textOf(form, name),
      ]);
      return startInBrowser(member, given.project, Object.fromEntries(settings));
    },
    "keep",
  );
