import { listArtifacts } from "@/lib/artifacts/artifacts.ts";
import { bytesWords, durationWords, numberWords, significantWords } from "@/lib/words/numbers.ts";
import { Facts } from "../frame/facts.tsx";
import type { PanelProps, ReportPanel } from "../frame/panel.ts";

const msWords = (ms: number | null | undefined): string | null =>
  typeof ms === "number" ? `${significantWords(ms, 3)} ms` : null;

/** What one prediction takes, as the client measured it, and what the training took. */
async function Cost({ page: { cost, evaluation, run }, member }: PanelProps) {
  const artifacts = await listArtifacts(member, run.id);
  const weights = artifacts.find(({ path }) => path === evaluation.checkpoint.path);
  const trainedMs = run.startedAt && run.endedAt ? Date.parse(run.endedAt) - Date.parse(run.startedAt) : null;
  if (!cost && !weights && trainedMs === null) return null;
  return (
    <Facts
      facts={[
        ["Parameters", cost?.parameters != null && numberWords(cost.parameters)],
        ["Size of the weights", weights && bytesWords(weights.sizeBytes)],
        ["Latency, half of all", msWords(cost?.latencyMsP50)],
        ["Latency, 95 % of all", msWords(cost?.latencyMsP95)],
        ["Measured in batches of", cost?.batchSize != null && numberWords(cost.batchSize)],
        ["On", cost?.device],
        ["Training took", trainedMs !== null && durationWords(trainedMs)],
        ["Trained on", run.environment.cpu ?? run.environment.device ?? null],
      ]}
    />
  );
}

export const costPanel: ReportPanel = { name: "cost", content: Cost };
