"use client";
import { NewToken } from "@/app/_ui/domain/tokens/new-token.tsx";
import { Snippet } from "@/app/_ui/parts/copy-button.tsx";
import type { TokenScope } from "@/lib/wire/base/words.ts";
import { createTokenAction } from "./actions.ts";

const scopes: readonly (readonly [TokenScope, string])[] = [
  ["ingest", "Creates runs, logs to them, evaluates them on validation, registers datasets and manifests, and reads."],
  ["read", "Reads runs, manifests and samples, and no test number. For notebooks and dashboards."],
  ["evaluate", "As ingest, and opens the test split: each time is a look. Only an admin gives it."],
  ["submit", "Hands candidates in to loops, and learns of each whether it was kept: one bit, and nothing else."],
  ["admin", "Does what ingest and evaluate do, and edits and deletes runs too."],
];

type CreateTokenProps = { projectId: string; canManageAdmin: boolean };

export function CreateToken({ projectId, canManageAdmin }: CreateTokenProps) {
  const offered = scopes.filter(([scope]) => canManageAdmin || (scope !== "admin" && scope !== "evaluate"));
  return (
    <NewToken
      title="New token"
      about="It reaches this project alone: its runs, its manifests, and the datasets that it was given. Sealed labels reach nobody."
      placeholder="gpu node 1"
      action={createTokenAction.bind(null, projectId)}
      usage={(secret) => (
        <div className="grid gap-2 text-sm text-muted">
          <p>Where training runs:</p>
          <Snippet text={`export HOLDOUT_TOKEN=${secret}`} label="Copy the line" />
        </div>
      )}
    >
      <fieldset className="grid gap-1">
        <legend className="pb-1.5 text-sm font-medium">Scope</legend>
        {offered.map(([scope, words]) => (
          <label
            key={scope}
            className="flex cursor-pointer gap-3 rounded-md border border-line px-3 py-2 text-sm has-checked:border-accent has-checked:bg-accent-soft"
          >
            <input
              type="radio"
              name="scope"
              value={scope}
              defaultChecked={scope === "ingest"}
              className="mt-1 accent-accent"
            />
            <span>
              <span className="font-medium">{scope}</span>
              <span className="block text-muted">{words}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </NewToken>
  );
}
