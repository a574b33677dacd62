import { Blocks } from "lucide-react";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { listArtifacts } from "@/lib/artifacts/artifacts.ts";
import { readModelRecord } from "@/lib/artifacts/contents.ts";
import type { ModelRecord } from "@/lib/wire/models.ts";
import { countWords, numberWords, valueWords } from "@/lib/words/numbers.ts";
import { FactsTable } from "../facts-table.tsx";
import type { TabProps } from "../tab.ts";
import { TabSection } from "../tab-section.tsx";
import { BlockDiagram } from "./model-blocks.tsx";
import { Lineage } from "./model-lineage.tsx";
import { WeightsProof } from "./model-proof.tsx";

/** What a run's model is made of, what of it was frozen, and the proof that it stood still. */
export async function ModelTab({ run, member }: TabProps) {
  const model = await readModelRecord(member, run.id, await listArtifacts(member, run.id));
  return (
    <>
      {model ? (
        <>
          <TabSection title="Blocks">
            <Stages model={model} />
            <BlockDiagram model={model} hasParent={run.parent !== null} />
          </TabSection>
          <div className="grid lg:grid-cols-2">
            <TabSection title="Loss">
              <LossFacts loss={model.loss} />
            </TabSection>
            <TabSection title="Lineage">
              <Lineage run={run} />
            </TabSection>
          </div>
          <TabSection title="Weights, before and after">
            <WeightsProof model={model} />
          </TabSection>
        </>
      ) : (
        <>
          <Empty icon={Blocks} title="No record of the model">
            <p>
              A trainer that stores <code>model/epoch-0000.json</code> has its blocks shown here: what was frozen, what
              was trained, and each tensor's hash before and after. Holdout's own does.
            </p>
          </Empty>
          {(run.parent || run.relatives.children.length > 0) && (
            <TabSection title="Lineage">
              <Lineage run={run} />
            </TabSection>
          )}
        </>
      )}
    </>
  );
}

function Stages({ model: { stages, parameters, family, source, epoch } }: { model: ModelRecord }) {
  const words = ({ frozen, rateFactor }: ModelRecord["stages"][number]) =>
    [
      frozen.length > 0 ? `${frozen.join(", ")} frozen` : "everything trained",
      rateFactor !== 1 && `at ${rateFactor} of the learning rate`,
    ]
      .filter(Boolean)
      .join(", ");
  return (
    <p className="pb-3 text-sm text-muted">
      {family} (after {source}), {numberWords(parameters)} parameters, {countWords(epoch, "epoch")}
      {stages.length === 1
        ? `: ${words(stages[0]!)}.`
        : `. ${stages.map((stage) => `From epoch ${stage.fromEpoch + 1}: ${words(stage)}.`).join(" ")}`}
    </p>
  );
}

const convergences: Record<string, string> = {
  falling: "still falling over the last fifth: longer training would bring more",
  level: "came to rest",
  rising: "rises over the last fifth, which usually is a fault",
  oscillating: "scatters by more than half of what it gained: a lower learning rate may help",
};

function LossFacts({ loss: { name, kind, unit, baseline, convergence } }: { loss: ModelRecord["loss"] }) {
  const meaning =
    kind === "meaningful"
      ? "meaningful: its value says how good the model is"
      : "surrogate: only there to be minimised; its value ranks nothing, and no best run is told by it";
  return (
    <FactsTable
      label="Loss"
      mono={false}
      facts={[
        ["name", name.replaceAll("_", " ")],
        ["kind", meaning],
        ...(baseline === null
          ? []
          : [["a constant prediction has", `${valueWords(baseline)}${unit ? ` (${unit})` : ""}`] as [string, string]]),
        [
          "training loss",
          convergence === null ? "too few steps to tell whether it came to rest" : convergences[convergence]!,
        ],
      ]}
    />
  );
}
