import { Check, OctagonX } from "lucide-react";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import type { ModelRecord } from "@/lib/wire/models.ts";
import { valueWords } from "@/lib/words/numbers.ts";

/** Each tensor's hash at the start and now. A frozen one that differs is an error that the trainer ends with. */
export function WeightsProof({ model: { tensors, blocks, stages } }: { model: ModelRecord }) {
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
                  {change === null ? "from 0" : valueWords(change)}
                </td>
                <td>{isFrozen(name) ? <TensorStanding isStill={before === after} /> : <Badge>trained</Badge>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function TensorStanding({ isStill }: { isStill: boolean }) {
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
