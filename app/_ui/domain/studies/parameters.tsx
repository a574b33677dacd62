"use client";
/** What is searched: parameters added from the base's keys, each with a range and a role that are suggested. */
import { Plus, X } from "lucide-react";
import { useId, useState } from "react";
import { categoryOf, suggestedRole } from "@/lib/studies/categories.ts";
import type { Config } from "@/lib/wire/base/config.ts";
import { categoryWords } from "@/lib/words/studies/study-words.ts";
import { useFormState } from "../../parts/action-form.tsx";
import { Button } from "../../parts/button.tsx";
import { Field, SelectField } from "../../parts/field.tsx";
import { freeLeaves, type ParameterDraft, suggestedDraft } from "./draft.ts";
import type { PartProps } from "./study-form.tsx";

export function Parameters({ draft, set, base }: PartProps & { base: Config }) {
  const { parameters } = draft;
  const { fieldErrors } = useFormState();
  const change = (key: number, changes: Partial<ParameterDraft>) =>
    set({ parameters: parameters.map((one) => (one.key === key ? { ...one, ...changes } : one)) });
  return (
    <div className="grid gap-4">
      {parameters.length > 0 && (
        <ol className="grid gap-3">
          {parameters.map((parameter, at) => (
            <li key={parameter.key}>
              <ParameterRow
                at={at}
                parameter={parameter}
                above={parameters.slice(0, at).filter(({ kind }) => kind === "categorical")}
                onChange={(changes) => change(parameter.key, changes)}
                onRemove={() => set({ parameters: parameters.filter(({ key }) => key !== parameter.key) })}
              />
            </li>
          ))}
        </ol>
      )}
      {fieldErrors.space && (
        <p role="alert" className="text-sm text-danger">
          {fieldErrors.space}
        </p>
      )}
      <AddParameter base={base} draft={draft} onAdd={(added) => set({ parameters: [...parameters, added] })} />
    </div>
  );
}

type AddParameterProps = { base: Config; draft: PartProps["draft"]; onAdd: (added: ParameterDraft) => void };

function AddParameter({ base, draft, onAdd }: AddParameterProps) {
  const names = useId();
  const [path, setPath] = useState("");
  const free = freeLeaves(base, draft.parameters);
  const add = () => {
    const name = path.trim();
    if (name === "") return;
    const leaf = free.find((one) => one.path === name) ?? { path: name, value: 0.1 };
    onAdd(suggestedDraft(leaf));
    setPath("");
  };
  return (
    <div className="flex max-w-140 items-end gap-2">
      <div className="min-w-0 flex-1">
        <Field
          label="Add a parameter"
          list={names}
          autoComplete="off"
          value={path}
          placeholder="optimizer.learningRate"
          onChange={(event) => setPath(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            add();
          }}
        />
      </div>
      <datalist id={names}>
        {free.map((leaf) => (
          <option key={leaf.path} value={leaf.path}>
            {`${leaf.value} · ${categoryWords(categoryOf(leaf.path))}`}
          </option>
        ))}
      </datalist>
      <Button onClick={add}>
        <Plus aria-hidden />
        Add
      </Button>
    </div>
  );
}

type ParameterRowProps = {
  at: number;
  parameter: ParameterDraft;
  /** Those whose value it may hang on. */
  above: ParameterDraft[];
  onChange: (changes: Partial<ParameterDraft>) => void;
  onRemove: () => void;
};

function ParameterRow({ at, parameter, above, onChange, onRemove }: ParameterRowProps) {
  const { path, kind, role } = parameter;
  const usual = suggestedRole(path, kind === "categorical" ? "" : 1);
  return (
    <fieldset className="grid min-w-0 gap-3 rounded-md border border-line p-3">
      <legend className="flex items-center gap-2 px-1 text-sm font-medium wrap-anywhere">
        {path}
        <span className="text-xs font-normal text-muted">{categoryWords(categoryOf(path))}</span>
      </legend>
      <div className="grid gap-3 sm:grid-cols-3 lg:grid-cols-6">
        <SelectField
          label="Role"
          name={`space.${at}.role`}
          options={[
            ["scientific", "scientific"],
            ["nuisance", "nuisance"],
          ]}
          value={role}
          onChange={(event) => onChange({ role: event.target.value as typeof role })}
          hint={role === usual ? undefined : `usually ${usual}`}
        />
        <SelectField
          label="Kind"
          name={`space.${at}.kind`}
          options={[
            ["float", "number"],
            ["integer", "integer"],
            ["categorical", "choices"],
          ]}
          value={kind}
          onChange={(event) => onChange({ kind: event.target.value as typeof kind })}
        />
        <ValueFields at={at} parameter={parameter} onChange={onChange} />
        <div className="flex items-end justify-end lg:col-start-6">
          <Button look="ghost" icon aria-label={`Remove ${path}`} onClick={onRemove}>
            <X aria-hidden />
          </Button>
        </div>
      </div>
      {above.length > 0 && <Condition at={at} parameter={parameter} above={above} onChange={onChange} />}
    </fieldset>
  );
}

type PartOfRow = Pick<ParameterRowProps, "at" | "parameter" | "onChange">;

function ValueFields({ at, parameter, onChange }: PartOfRow) {
  if (parameter.kind === "categorical")
    return (
      <div className="sm:col-span-3">
        <Field
          label="Choices"
          name={`space.${at}.choices`}
          value={parameter.choices}
          placeholder="adam, momentum"
          onChange={(event) => onChange({ choices: event.target.value })}
          hint="With commas between them."
        />
      </div>
    );
  return (
    <>
      <Field
        label="From"
        name={`space.${at}.low`}
        inputMode="decimal"
        value={parameter.low}
        onChange={(event) => onChange({ low: event.target.value })}
      />
      <Field
        label="To"
        name={`space.${at}.high`}
        inputMode="decimal"
        value={parameter.high}
        onChange={(event) => onChange({ high: event.target.value })}
      />
      <SelectField
        label="Scale"
        name={`space.${at}.scale`}
        options={[
          ["linear", "linear"],
          ["log", "by factors"],
        ]}
        value={parameter.scale}
        onChange={(event) => onChange({ scale: event.target.value as typeof parameter.scale })}
      />
    </>
  );
}

function Condition({ at, parameter, above, onChange }: PartOfRow & { above: ParameterDraft[] }) {
  const { whenPath } = parameter;
  return (
    <div className="grid gap-3 sm:grid-cols-3">
      <SelectField
        label="Only where"
        name={`space.${at}.when.path`}
        options={[["", "always"], ...[...new Set(above.map(({ path }) => path))].map((path) => [path, path] as const)]}
        value={whenPath}
        onChange={(event) => onChange({ whenPath: event.target.value })}
      />
      {whenPath !== "" && (
        <Field
          label="is"
          name={`space.${at}.when.is`}
          value={parameter.whenIs}
          placeholder={above.find(({ path }) => path === whenPath)?.choices}
          onChange={(event) => onChange({ whenIs: event.target.value })}
          hint="One or several of its choices, with commas."
        />
      )}
    </div>
  );
}
