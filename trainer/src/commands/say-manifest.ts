/** What a person is told of a manifest. */
import type { Manifest } from "../../../lib/wire/data/manifests.ts";
import { awaitReport } from "../manifests/manifest.ts";
import { type CommandContext, unlessStopped } from "./context.ts";

/** Prints what a manifest holds, waits for its checks, and prints those that didn't pass. */
export async function sayFound(context: CommandContext, { id, name, counts, project }: Manifest): Promise<void> {
  console.log(
    `Split manifest ${name} (${id.slice(0, 12)}): ` +
      `${counts.train} train, ${counts.validation} validation, ${counts.test} test samples`,
  );
  const report = await unlessStopped(context, () => awaitReport(context.target, id, context.signal));
  for (const check of report?.checks ?? [])
    if (check.verdict !== "pass") console.log(`  ${check.verdict.padEnd(11)} ${check.name}: ${check.detail}`);
  const page = `${context.target.url}/projects/${encodeURIComponent(project)}/manifests/${id}`;
  console.log(`  ${report ? `checks: ${report.verdict}` : "the checks aren't done"}; ${page}`);
}
