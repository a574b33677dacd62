import { KeyRound } from "lucide-react";
import { ActButton } from "@/app/_ui/overlays/act-button.tsx";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { Section } from "@/app/_ui/parts/section.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import type { Token } from "@/lib/access/tokens.ts";
import { revokeTokenAction } from "./actions.ts";
import { CreateToken } from "./create-token.tsx";

type TokensSectionProps = { projectId: string; tokens: Token[]; canManage: boolean; canManageAdmin: boolean };

export function TokensSection({ projectId, tokens, canManage, canManageAdmin }: TokensSectionProps) {
  return (
    <Section
      wide
      title="Tokens"
      about="Machines reach this project with a token: its runs, its manifests and the datasets that it was given, and nothing of another project. A revoked one is refused within five seconds."
      actions={canManage && <CreateToken projectId={projectId} canManageAdmin={canManageAdmin} />}
    >
      {tokens.length === 0 ? (
        <Empty icon={KeyRound} title="No tokens yet">
          <p>Training needs one of scope ingest, in the environment variable HOLDOUT_TOKEN.</p>
        </Empty>
      ) : (
        <div className="relative overflow-x-auto">
          <table className="table flush">
            <thead>
              <tr>
                <th>Name</th>
                <th>Scope</th>
                <th>Begins with</th>
                <th>Made</th>
                <th>Last used</th>
                <th>
                  <span className="sr-only">State</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {tokens.map((token) => (
                <TokenRow
                  key={token.id}
                  token={token}
                  canRevoke={token.scope === "admin" || token.scope === "evaluate" ? canManageAdmin : canManage}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}

function TokenRow({ token, canRevoke }: { token: Token; canRevoke: boolean }) {
  const { id, name, scope, hint, createdBy, createdAt, usedAt, revokedAt } = token;
  return (
    <tr className={revokedAt ? "text-muted" : ""}>
      <td className="w-full max-w-0 min-w-32 truncate font-medium" title={name}>
        {name}
      </td>
      <td>
        <Badge tone={scope === "admin" ? "warning" : "plain"}>{scope}</Badge>
      </td>
      <td className="font-mono text-xs">{hint}…</td>
      <td className="text-muted">
        <Time at={createdAt} />
        {createdBy && ` by ${createdBy}`}
      </td>
      <td className="text-muted">{usedAt ? <Time at={usedAt} /> : "never"}</td>
      <td className="number">
        {revokedAt ? (
          <span className="text-muted">
            revoked <Time at={revokedAt} />
          </span>
        ) : (
          canRevoke && (
            <ActButton action={revokeTokenAction.bind(null, id)} done={`${name} is revoked.`}>
              Revoke
            </ActButton>
          )
        )}
      </td>
    </tr>
  );
}
