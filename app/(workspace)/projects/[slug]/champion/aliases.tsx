"use client";
/** Names that point to claims, and the moves that they made. */
import { useState } from "react";
import { Dialog } from "@/app/_ui/overlays/dialog.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Field, SelectField, TextField } from "@/app/_ui/parts/field.tsx";
import { Section } from "@/app/_ui/parts/section.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import type { AliasMove } from "@/lib/champions/aliases.ts";
import type { Claim } from "@/lib/wire/champions.ts";
import { type ManifestPlace, moveAliasAction } from "./actions.ts";

type AliasesProps = { place: ManifestPlace; moves: AliasMove[]; claims: Claim[]; canMove: boolean };

const usual = ["staging", "production"];

export function Aliases({ place, moves, claims, canMove }: AliasesProps) {
  const nameOf = (id: string | null) => {
    const claim = claims.find((one) => one.id === id);
    return claim ? `${claim.run.name} (claim ${claim.number})` : "nowhere";
  };
  const seen = new Set<string>();
  const rows = moves.map((move) => ({ ...move, isNow: !seen.has(move.alias) && seen.add(move.alias) && move.claim }));
  return (
    <Section
      title="Aliases"
      about="Names that programs ask for, such as production. They move with a reason."
      actions={canMove && <MoveAlias place={place} claims={claims} nameOf={nameOf} known={[...seen]} />}
      wide
    >
      {rows.length === 0 ? (
        <p className="text-sm text-muted">No alias points here yet.</p>
      ) : (
        <ul className="grid gap-1.5 text-sm">
          {rows.map((move) => (
            <li key={`${move.alias} ${move.at}`} className={`wrap-anywhere ${move.isNow ? "" : "text-muted"}`}>
              <code className={move.isNow ? "font-medium" : "line-through"}>{move.alias}</code>{" "}
              {move.isNow ? "points to" : "was moved to"} {nameOf(move.claim)}: {move.reason}{" "}
              <span className="text-muted">
                {move.by}, <Time at={move.at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

type MoveAliasProps = {
  place: ManifestPlace;
  claims: Claim[];
  nameOf: (id: string | null) => string;
  known: string[];
};

function MoveAlias({ place, claims, nameOf, known }: MoveAliasProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog open={isOpen} onOpenChange={setOpen} title="Move an alias" trigger={<Button>Move an alias</Button>}>
      <ActionForm action={moveAliasAction.bind(null, place)} onDone={() => setOpen(false)}>
        <Field label="Alias" name="alias" list="aliases" required maxLength={63} autoComplete="off" />
        <datalist id="aliases">
          {[...new Set([...usual, ...known])].map((alias) => (
            <option key={alias} value={alias} />
          ))}
        </datalist>
        <SelectField
          label="Points to"
          name="claim"
          options={[...claims.map(({ id }) => [id, nameOf(id)] as const), ["", "nowhere"]]}
        />
        <TextField label="Reason" name="reason" rows={2} required />
        <div className="flex justify-end gap-2">
          <Button onClick={() => setOpen(false)}>Cancel</Button>
          <Submit>Move</Submit>
        </div>
      </ActionForm>
    </Dialog>
  );
}
