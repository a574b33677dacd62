import { Blocks, Check, Lock, LockOpen, OctagonX, Pencil } from "lucide-react";
import Link from "next/link";
import { formatValue } from "@/app/_ui/charts/plot/traces.ts";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { runHref } from "@/app/paths.ts";
import type { RunDetail } from "@/lib/runs/runs.ts";
import type { Block, ModelRecord } from "@/lib/wire/models.ts";
import { numberWords } from "@/lib/words/numbers.ts";
import { FactsTable, Section } from "./facts-table.tsx";

type ModelTabProps = { run: RunDetail; model: ModelRecord | null };

/** What a run's model is made of, what of it was frozen, and the proof that it stood still. */
export function ModelTab({ run, model }: ModelTabProps) {
  return (
    <>
      {model ? (
        <>
          <Section title="Blocks">
            <Stages model={model} />
            <BlockDiagram model={model} hasParent={run.parent !== null} />
          </Section>
          <div className="grid lg:grid-cols-2">
            <Section title="Loss">
              <LossFacts loss={model.loss} />
            </Section>
            <Section title="Lineage">
              <Lineage run={run} />
            </Section>
          </div>
          <Section title="Weights, before and after">
            <Proof model={model} />
          </Section>
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
            <Section title="Lineage">
              <Lineage run={run} />
            </Section>
          )}
        </>
      )}
    </>
  );
}

const count = (value: number) => numberWords(value);

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
      {family} (after {source}), {count(parameters)} parameters, {epoch} {epoch === 1 ? "epoch" : "epochs"}
      {stages.length === 1
        ? `: ${words(stages[0]!)}.`
        : `. ${stages.map((stage) => `From epoch ${stage.fromEpoch + 1}: ${words(stage)}.`).join(" ")}`}
    </p>
  );
}

const states: Record<Block["state"], { icon: typeof Lock; word: string; look: string }> = {
  frozen: { icon: Lock, word: "frozen", look: "border-line-strong bg-surface text-muted" },
  trained: { icon: Pencil, word: "trained", look: "border-accent bg-accent-soft text-accent" },
  unfrozen: {
    icon: LockOpen,
    word: "frozen first, then trained",
    look: "border-dashed border-accent bg-accent-soft text-accent",
  },
};

/** Blocks in the order of the data; a U-Net's way up beside its way down, level by level. */
function BlockDiagram({ model: { blocks }, hasParent }: { model: ModelRecord; hasParent: boolean }) {
  const levelOf = (block: Block) => Number(/^decoder(\d+)$/.exec(block.name)?.[1] ?? Number.NaN);
  const isUnet = blocks.some((block) => levelOf(block) > 0);
  if (!isUnet)
    return (
      <ol className="flex flex-wrap items-stretch gap-y-3" aria-label="Blocks">
        {blocks.map((block, index) => (
          <li key={block.name} className="flex items-center">
            {index > 0 && <span aria-hidden className="w-5 border-t border-line-strong" />}
            <BlockCard block={block} hasParent={hasParent} />
          </li>
        ))}
      </ol>
    );
  const encoders = blocks.filter(({ name }) => name.startsWith("encoder"));
  const head = blocks.find(({ name }) => name === "head");
  return (
    <div className="overflow-x-auto">
      <ol className="grid w-max grid-cols-[auto_2rem_auto_2rem_auto] gap-y-3" aria-label="Blocks">
        {encoders.map((encoder, index) => {
          const decoder = blocks.find((block) => levelOf(block) === index + 1);
          return (
            <li key={encoder.name} className="contents">
              <span style={{ paddingLeft: index * 16 }}>
                <BlockCard block={encoder} hasParent={hasParent} />
              </span>
              <span
                aria-hidden
                className={`self-center border-t border-dashed border-line-strong ${decoder ? "" : "invisible"}`}
              />
              <span style={{ paddingRight: index * 16 }}>
                {decoder && <BlockCard block={decoder} hasParent={hasParent} />}
              </span>
              <span
                aria-hidden
                className={`self-center border-t border-line-strong ${index === 0 && head ? "" : "invisible"}`}
              />
              <span>{index === 0 && head && <BlockCard block={head} hasParent={hasParent} />}</span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function BlockCard({ block, hasParent }: { block: Block; hasParent: boolean }) {
  const { icon: Icon, word, look } = states[block.state];
  const parameters = block.layers.reduce((sum, layer) => sum + layer.parameters, 0);
  const origin = block.origin === "carried" ? "carried over" : hasParent ? "new" : null;
  return (
    <details
      className={`w-36 rounded-md md:w-44 border px-3 py-2 text-sm ${look}`}
      data-state={block.state}
      data-origin={block.origin}
    >
      <summary className="grid gap-0.5">
        <span className="flex items-center gap-1.5 font-medium">
          <Icon aria-hidden className="size-3.5 shrink-0" />
          {block.name}
        </span>
        <span className="text-xs">{[word, origin].filter(Boolean).join(", ")}</span>
        <span className="text-xs text-muted">{count(parameters)} parameters</span>
      </summary>
      <ul className="mt-2 grid gap-1 border-t border-line pt-2 text-xs text-text">
        {block.layers.map((layer) => (
          <li key={layer.name} className="wrap-anywhere">
            {layer.type}{" "}
            <span className="text-muted">[{layer.shape.map((size) => (size === -1 ? "n" : size)).join(", ")}]</span>
          </li>
        ))}
      </ul>
    </details>
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
          : [["a constant prediction has", `${formatValue(baseline)}${unit ? ` (${unit})` : ""}`] as [string, string]]),
        [
          "training loss",
          convergence === null ? "too few steps to tell whether it came to rest" : convergences[convergence]!,
        ],
      ]}
    />
  );
}

function Lineage({ run }: { run: RunDetail }) {
  const { parent, relatives } = run;
  const hrefOf = (id: string) => runHref(run.slug, id, "model");
  if (!parent && relatives.children.length === 0)
    return <p className="text-sm text-muted">Its weights were drawn by the seed, and no run began as them.</p>;
  const seen = parent?.testSamplesSeen ?? null;
  return (
    <FactsTable
      label="Lineage"
      mono={false}
      facts={[
        ...(parent
          ? ([
              [
                "began as",
                relatives.parent ? (
                  <Link prefetch={false} key="parent" href={hrefOf(relatives.parent.id)} className="hover:underline">
                    {relatives.parent.name}
                  </Link>
                ) : (
                  `run ${parent.run}, which is gone`
                ),
              ],
              ["checkpoint", `${parent.checkpoint}, SHA-256 ${parent.sha256.slice(0, 12)}`],
              [
                "its training and this test split",
                seen === null ? (
                  <span key="seen" className="text-warning">
                    nobody knows: a run in this line cites no manifest
                  </span>
                ) : seen === 0 ? (
                  "share no sample"
                ) : (
                  <span key="seen" className="text-danger">
                    share {count(seen)} {seen === 1 ? "sample" : "samples"}: its test numbers would be too good
                  </span>
                ),
              ],
            ] as [string, React.ReactNode][])
          : []),
        ...(relatives.children.length > 0
          ? ([
              [
                "runs that began as it",
                <span key="children" className="flex flex-wrap gap-x-3">
                  {relatives.children.map(({ id, name }) => (
                    <Link prefetch={false} key={id} href={hrefOf(id)} className="hover:underline">
                      {name}
                    </Link>
                  ))}
                </span>,
              ],
            ] as [string, React.ReactNode][])
          : []),
      ]}
    />
  );
}

/** Each tensor's hash at the start and now. A frozen one that differs is an error that the trainer ends with. */
function Proof({ model: { tensors, blocks, stages } }: { model: ModelRecord }) {
  const frozen = new Set(blocks.filter(({ state }) => state === "frozen").map(({ name }) => name));
  const isFrozen = (name: string) => frozen.has(name.split("_")[0]!);
  const still = tensors.filter(({ name, before, after }) => isFrozen(name) && before === after).length;
  const all = tensors.filter(({ name }) => isFrozen(name)).length;
  return (
    <>
      <p className="pb-2 text-sm text-muted">
        {all > 0
          ? `${still} of ${all} frozen tensors are the same to the bit, moving averages included.`
          : stages.some((stage) => stage.frozen.length > 0)
            ? "What was frozen at first was held against its hash after each epoch."
            : "Nothing was frozen."}{" "}
        Change is the Euclidean norm of the difference over that of the weights at the start.
      </p>
      <div className="max-h-120 overflow-auto">
        <table className="table flush">
          <thead>
            <tr>
              <th>Tensor</th>
              <th className="number">Shape</th>
              <th>SHA-256 before</th>
              <th>after</th>
              <th className="number">Change</th>
              <th>State</th>
            </tr>
          </thead>
          <tbody>
            {tensors.map(({ name, shape, before, after, change }) => (
              <tr key={name}>
                <td className="font-mono text-xs">{name}</td>
                <td className="number text-muted">{shape.join(" × ")}</td>
                <td className="font-mono text-xs text-muted" title={before}>
                  {before.slice(0, 10)}
                </td>
                <td className="font-mono text-xs text-muted" title={after}>
                  {after.slice(0, 10)}
                </td>
                <td className="number" title={String(change)}>
                  {change === null ? "from 0" : formatValue(change)}
                </td>
                <td>{isFrozen(name) ? <Standing isStill={before === after} /> : <Badge>trained</Badge>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Standing({ isStill }: { isStill: boolean }) {
  const [Icon, look, word] = isStill
    ? ([Check, "text-finished", "frozen, the same"] as const)
    : ([OctagonX, "text-danger", "frozen, and changed"] as const);
  return (
    <span className={`inline-flex items-center gap-1.5 ${look}`}>
      <Icon aria-hidden className="size-3.5" />
      {word}
    </span>
  );
}
