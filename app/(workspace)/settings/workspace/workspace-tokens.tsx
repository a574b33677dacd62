import { ActButton } from "@/app/_ui/overlays/act-button.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import type { Token } from "@/lib/access/tokens.ts";
import { revokeTokenAction } from "./actions.ts";
import { CreateWorkspaceToken } from "./create-workspace-token.tsx";

/** Tokens that no project binds; for admins. */
export function WorkspaceTokens({ tokens }: { tokens: Token[] }) {
  return (
    <div className="grid gap-3">
      {tokens.length > 0 && (
        <ul className="text-sm">
          {tokens.map(({ id, name, hint, createdBy, createdAt, usedAt, revokedAt }) => (
            <li key={id} className="flex min-h-12 flex-wrap items-center gap-x-4 border-b border-line py-1">
              <span className={`min-w-0 flex-1 ${revokedAt ? "text-muted" : ""}`}>
                <span className="block truncate font-medium" title={name}>
                  {name}
                </span>
                <span className="block text-xs text-muted">
                  <span className="font-mono">{hint}…</span>, made <Time at={createdAt} />
                  {createdBy ? ` by ${createdBy}` : " on the server's machine"},{" "}
                  {usedAt ? (
                    <>
                      used <Time at={usedAt} />
                    </>
                  ) : (
                    "never used"
                  )}
                </span>
              </span>
              {revokedAt ? (
                <span className="text-muted">
                  revoked <Time at={revokedAt} />
                </span>
              ) : (
                <ActButton action={revokeTokenAction.bind(null, id)} done={`${name} is revoked.`}>
                  Revoke
                </ActButton>
              )}
            </li>
          ))}
        </ul>
      )}
      <CreateWorkspaceToken />
    </div>
  );
}
