/** The blocks of a model as cards, in the order of the data. */
import { Lock, LockOpen, Pencil } from "lucide-react";
import type { Block, ModelRecord } from "@/lib/wire/models.ts";
import { numberWords } from "@/lib/words/numbers.ts";

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
export function BlockDiagram({ model: { blocks }, hasParent }: { model: ModelRecord; hasParent: boolean }) {
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
        <span className="text-xs text-muted">{numberWords(parameters)} parameters</span>
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
