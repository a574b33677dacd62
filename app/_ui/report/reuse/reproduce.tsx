import { CopyButton, Snippet } from "@/app/_ui/parts/copy-button.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { predictionsApi, verifyReportApi } from "@/app/paths.ts";
import { predictionFormats } from "@/lib/evaluations/export-predictions.ts";
import { Facts } from "../frame/facts.tsx";
import type { PanelProps, ReportPanel } from "../frame/panel.ts";
import { VerifyFile } from "./verify-file.tsx";

function Whole({ text }: { text: string }) {
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <span className="min-w-0 font-mono text-xs wrap-anywhere">{text}</span>
      <CopyButton text={text} label="Copy it" icon />
    </span>
  );
}

/** Everything that says which report of which weights on which data this is. */
function Reproduce({ page: { evaluation, manifest, run, stored } }: PanelProps) {
  const { code, environment } = run;
  return (
    <div className="grid gap-4">
      <Facts
        facts={[
          ["Report digest", <Whole key="d" text={stored.digest} />],
          ["Definitions", `version ${stored.version}`],
          ["Computed", <Time key="t" at={stored.createdAt} />],
          ["Manifest", <Whole key="m" text={manifest.id} />],
          [`Digest of ${evaluation.split}`, <Whole key="s" text={evaluation.splitDigest} />],
          ["Weights", <Whole key="w" text={evaluation.checkpoint.sha256} />],
          ["Predictions", evaluation.predictions && <Whole key="p" text={evaluation.predictions} />],
          ["Seed of the run", run.seed === null ? "none said" : String(run.seed)],
          [
            "Commit",
            code?.commit && <Whole key="c" text={`${code.commit}${code.dirty ? " with uncommitted changes" : ""}`} />,
          ],
          [
            "Environment",
            Object.entries(environment)
              .map(([name, value]) => `${name} ${value}`)
              .join(", ") || null,
          ],
        ]}
      />
      {code?.command && <Snippet text={code.command} label="Copy the command line" />}
      <p className="flex flex-wrap items-center gap-3 text-sm print:hidden">
        <span className="text-muted">Predictions, without labels:</span>
        {Object.keys(predictionFormats)
          .filter((format) => format === "packed" || evaluation.form !== "mask")
          .map((format) => (
            <a
              key={format}
              href={predictionsApi(run.id, evaluation.id, format)}
              download
              className="text-accent underline"
            >
              {format}
            </a>
          ))}
      </p>
      <VerifyFile api={verifyReportApi(run.id, evaluation.id)} />
    </div>
  );
}

export const reproducePanel: ReportPanel = { name: "reproduce", content: Reproduce };
