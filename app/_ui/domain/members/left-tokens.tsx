"use client";
import type { LeftBehind } from "@/lib/access/left-behind.ts";
/** What is revoked when a member leaves or steps down: their invitations, and their tokens but for those that are kept. */
import { Badge } from "../../parts/badge.tsx";
import { Time } from "../../parts/time.tsx";

type LeftTokensProps = { left: LeftBehind; kept: string[]; onKeep: (ids: string[]) => void };

export function LeftTokens({ left: { invitationCount, tokens }, kept, onKeep }: LeftTokensProps) {
  return (
    <>
      {invitationCount > 0 && (
        <p className="text-sm">
          {invitationCount === 1
            ? "1 open invitation that they made is"
            : `${invitationCount} open invitations that they made are`}{" "}
          revoked.
        </p>
      )}
      {tokens.length > 0 && (
        <fieldset className="grid gap-1">
          <legend className="pb-1.5 text-sm">
            {tokens.length === 1 ? "This token, which they made, is" : "These tokens, which they made, are"} revoked.
            Keep those that are still needed: you answer for them then.
          </legend>
          <ul className="max-h-60 overflow-y-auto rounded-md border border-line text-sm">
            {tokens.map(({ id, name, scope, project, usedAt }) => (
              <li key={id} className="border-b border-line last:border-b-0">
                <label className="flex cursor-pointer items-center gap-3 px-3 py-2">
                  <input
                    type="checkbox"
                    className="accent-accent"
                    checked={kept.includes(id)}
                    onChange={({ target }) => onKeep(target.checked ? [...kept, id] : kept.filter((one) => one !== id))}
                  />
                  <span className="min-w-0 flex-1">
                    <span className="block truncate font-medium" title={name}>
                      {name}
                    </span>
                    <span className="block truncate text-xs text-muted">
                      {project ?? "all projects"}, {usedAt ? <Time at={usedAt} /> : "never used"}
                    </span>
                  </span>
                  <Badge tone={scope === "admin" || scope === "workspace" ? "warning" : "plain"}>{scope}</Badge>
                  <span className="w-16 text-right text-xs text-muted">{kept.includes(id) ? "kept" : "revoked"}</span>
                </label>
              </li>
            ))}
          </ul>
        </fieldset>
      )}
    </>
  );
}
