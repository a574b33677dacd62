/** How the training of this tab goes: what computes, where it stands, and what keeps its points from the server. */
import Link from "next/link";
import type { ReactNode } from "react";
import { runHref } from "@/app/paths.ts";
import { countWords, decimalWords, numberWords, significantWords } from "@/lib/words/numbers.ts";
import { Curve } from "./curve.tsx";
import type { Training } from "./training-store.ts";

const DIGITS = 4;

export function LiveTraining({ training }: { training: Training }) {
  const { status, run, progress, trainLoss, validationAccuracy, sending } = training;
  if (status === "idle") return null;
  return (
    <section aria-label="Training" className="grid gap-3 rounded-md border border-line p-4 text-sm">
      <p role="status" className="font-medium">
        {sayStatus(training)}
      </p>
      {sending && (
        <p role="alert" className="text-warning">
          {sending.problem}. {countWords(sending.pending, "point")} in this tab, to go out when it is back.
        </p>
      )}
      {progress && run && (
        <dl className="grid grid-cols-2 gap-x-4 gap-y-2 sm:grid-cols-4">
          <Fact label="Epoch">
            {progress.epoch} of {run.settings.epochs}
          </Fact>
          <Fact label="Step">{numberWords(progress.step)}</Fact>
          <Fact label="Training loss">{significantWords(progress.train.loss, DIGITS)}</Fact>
          <Fact label="Validation accuracy">
            {progress.validation ? decimalWords(progress.validation.accuracy, 3) : "after the first epoch"}
          </Fact>
        </dl>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <Curve label="Training loss" values={trainLoss} />
        <Curve label="Validation accuracy" values={validationAccuracy} high={1} />
      </div>
      <Backends tried={training.tried} />
      {run && (
        <p>
          <Link prefetch={false} href={runHref(run.slug, run.id)} className="text-accent underline">
            Open the run {run.name}
          </Link>
        </p>
      )}
    </section>
  );
}

/** What computes, and why not what would be faster. */
const Backends = ({ tried }: Pick<Training, "tried">) => (
  <ul className="grid min-h-10 content-start gap-0.5 text-xs text-muted wrap-anywhere">
    {tried.map(({ name, taken, reason }) => (
      <li key={name}>{taken ? `Computes with ${reason}.` : `Not with ${backendWords[name]}: ${reason}.`}</li>
    ))}
  </ul>
);

const backendWords = { webgpu: "WebGPU", webgl: "WebGL", wasm: "WebAssembly", cpu: "plain JavaScript" };

function sayStatus({ status, ending, delivered }: Training): string {
  if (status === "preparing") return "Looks for what can compute here…";
  if (status === "training") return "Trains.";
  if (status === "delivering") return "Has ended; its last points are on their way.";
  const said = { finished: "Finished.", stopped: `Stopped: ${ending?.why}.`, failed: `Failed: ${ending?.why}.` };
  const words = ending ? said[ending.outcome] : "";
  return delivered ? words : `${words} The server didn't take its end: the run's page says what it has.`;
}

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <div>
    <dt className="text-xs text-muted">{label}</dt>
    <dd className="tabular-nums">{children}</dd>
  </div>
);
