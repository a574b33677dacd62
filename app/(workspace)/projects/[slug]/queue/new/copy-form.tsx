"use client";
/** A run's config as a form, to be queued as another run. Says how it differs from the original. */
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Field } from "@/app/_ui/parts/field.tsx";
import type { Config } from "@/lib/wire/base/config.ts";
import { type CopyPlace, queueCopyAction } from "../actions.ts";
import { AddKey } from "./add-key.tsx";
import { type ConfigField, changesOf, configOf, errorOf, fieldsOf } from "./config-fields.ts";
import { ConfigGroup } from "./config-group.tsx";

type CopyFormProps = {
  place: CopyPlace;
  /** Where to go once it is queued. */
  back: string;
  run: { name: string; config: Config; seed: number | null };
};

export function CopyForm({ place, back, run }: CopyFormProps) {
  const router = useRouter();
  const [original] = useState(() => fieldsOf(run.config));
  const [fields, setFields] = useState(original);
  const change = (id: string, typed: string) =>
    setFields((all) => all.map((field) => (field.id === id ? { ...field, typed } : field)));
  const remove = (id: string) => setFields((all) => all.filter((field) => field.id !== id));
  const wrong = fields.filter((field) => errorOf(field) !== null);
  const groups = groupsOf(fields);
  const was = new Map(original.map((field) => [field.id, field.typed]));
  return (
    <ActionForm action={queueCopyAction.bind(null, place)} onDone={() => router.push(back)}>
      <Field label="Name" name="name" defaultValue={`${run.name}, copy`} maxLength={200} autoComplete="off" />
      {groups.map(([prefix, inside]) => (
        <ConfigGroup key={prefix} prefix={prefix} fields={inside} was={was} onChange={change} onRemove={remove} />
      ))}
      <AddKey
        known={new Set(fields.map(({ path }) => path.join(".")))}
        onAdd={(field) => setFields([...fields, field])}
      />
      <input type="hidden" name="config" value={wrong.length === 0 ? JSON.stringify(configOf(fields)) : ""} />
      <div className="grid grid-cols-2 gap-4">
        <Field label="Seed" name="seed" inputMode="numeric" defaultValue={run.seed ?? ""} hint="Empty: none is said" />
        <Field label="Priority" name="priority" inputMode="numeric" defaultValue="0" hint="Higher is taken first" />
        <Field label="Labels" name="labels" placeholder="gpu, a100" hint="What its worker must have" />
        <Field label="Memory, GiB" name="memoryGib" inputMode="decimal" hint="Empty: any worker has enough" />
      </div>
      <Changes original={original} fields={fields} />
      <div className="flex items-center justify-end gap-3">
        {wrong.length > 0 && (
          <p role="status" className="text-sm text-danger">
            {wrong.map(({ path }) => path.join(".")).join(", ")}: to be mended first
          </p>
        )}
        <fieldset disabled={wrong.length > 0}>
          <Submit>Queue the copy</Submit>
        </fieldset>
      </div>
    </ActionForm>
  );
}

/** By what stands before the last part of the path, in the order in which they come; keys without a group first. */
function groupsOf(fields: readonly ConfigField[]): [prefix: string, ConfigField[]][] {
  const groups = new Map<string, ConfigField[]>([["", []]]);
  for (const field of fields) {
    const prefix = field.path.slice(0, -1).join(".");
    groups.set(prefix, [...(groups.get(prefix) ?? []), field]);
  }
  return [...groups].filter(([, inside]) => inside.length > 0);
}

function Changes({ original, fields }: { original: readonly ConfigField[]; fields: readonly ConfigField[] }) {
  const changes = changesOf(original, fields);
  return (
    <div role="status" className="rounded-md border border-line bg-surface px-3 py-2 text-sm">
      {changes.length === 0 ? (
        <p className="text-muted">The same config as the original's.</p>
      ) : (
        <>
          <p className="text-muted">What differs from the original:</p>
          <ul className="grid gap-0.5 font-mono text-xs leading-5">
            {changes.map(({ name, from, to }) => (
              <li key={name} className="break-words">
                {name}: {from ?? "nothing"} → {to ?? "nothing"}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
