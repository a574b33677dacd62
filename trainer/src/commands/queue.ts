/** `queue`: a training is queued as a run by itself, for whichever worker fits. */
import { trialSchema } from "../../../lib/wire/studies/trials.ts";
import { ask } from "../client/ask.ts";
import { json } from "../client/http.ts";
import type { parseQueueSettings } from "../config/settings.ts";
import { defaultName } from "../config/training.ts";
import { type CommandContext, unlessStopped } from "./context.ts";
import { register } from "./register.ts";

/** Queues a training. Where no manifest is named, its split is made and registered here. Returns the exit code. */
export async function queueCommand(
  context: CommandContext,
  settings: ReturnType<typeof parseQueueSettings>,
): Promise<number> {
  const { training, data, demands, name } = settings;
  const manifest = settings.manifest ?? (await register(context, data));
  const { labels, memory, priority } = demands;
  const queued = {
    name: name ?? defaultName(training),
    config: training,
    seed: training.seed,
    manifest,
    labels,
    memoryGib: memory,
    priority,
  };
  const sent = { method: "POST", path: "/api/v1/trials", ...json(queued), signal: context.signal } as const;
  const trial = trialSchema.parse(await unlessStopped(context, () => ask(context.target, sent)));
  console.log(`${queued.name}: queued as run ${trial.run?.id}, at ${context.target.url}/runs/${trial.run?.id}`);
  return 0;
}
