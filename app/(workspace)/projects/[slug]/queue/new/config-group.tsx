"use client";
/** The fields of one group of a config. */
import { X } from "lucide-react";
import { useId } from "react";
import { Button } from "@/app/_ui/parts/button.tsx";
import { inputClass, Select } from "@/app/_ui/parts/field.tsx";
import { type ConfigField, errorOf } from "./config-fields.ts";

type ConfigGroupProps = {
  /** Empty: keys of the config itself. */
  prefix: string;
  fields: ConfigField[];
  /** What the original's fields say, by id. */
  was: ReadonlyMap<string, string>;
  onChange: (id: string, typed: string) => void;
  onRemove: (id: string) => void;
};

export function ConfigGroup({ prefix, fields, was, onChange, onRemove }: ConfigGroupProps) {
  return (
    <fieldset className="grid gap-2">
      <legend className="pb-1 font-mono text-xs text-muted">{prefix === "" ? "config" : prefix}</legend>
      {fields.map((field) => (
        <ConfigInput key={field.id} field={field} was={was.get(field.id)} onChange={onChange} onRemove={onRemove} />
      ))}
    </fieldset>
  );
}

type ConfigInputProps = Pick<ConfigGroupProps, "onChange" | "onRemove"> & {
  field: ConfigField;
  /** Undefined: the original lacks the key. */
  was: string | undefined;
};

const booleans = [
  ["true", "true"],
  ["false", "false"],
] as const;

function ConfigInput({ field, was, onChange, onRemove }: ConfigInputProps) {
  const id = useId();
  const error = errorOf(field);
  const isChanged = was !== undefined && was !== field.typed;
  const note = error ?? (was === undefined ? "new" : isChanged ? `was ${was}` : null);
  const wiring = {
    id,
    value: field.typed,
    "aria-invalid": error === null ? undefined : true,
    "aria-describedby": note === null ? undefined : `${id}-note`,
  };
  const name = field.path.join(".");
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] items-center gap-x-3">
      <label htmlFor={id} title={name} className="truncate text-sm">
        {field.path.at(-1)}
        <span className="sr-only"> of {name}</span>
      </label>
      {field.kind === "boolean" ? (
        <Select {...wiring} options={booleans} onChange={(event) => onChange(field.id, event.target.value)} />
      ) : (
        <input
          {...wiring}
          inputMode={field.kind === "number" ? "decimal" : "text"}
          autoComplete="off"
          spellCheck={false}
          className={`${inputClass} ${field.kind === "json" ? "font-mono text-xs" : ""} ${field.kind === "number" ? "tabular-nums" : ""}`}
          onChange={(event) => onChange(field.id, event.target.value)}
        />
      )}
      <Button look="ghost" icon aria-label={`Leave out ${name}`} title="Leave out" onClick={() => onRemove(field.id)}>
        <X aria-hidden />
      </Button>
      {note !== null && (
        <p
          id={`${id}-note`}
          role={error === null ? undefined : "alert"}
          className={`col-start-2 text-xs ${error === null ? "text-muted" : "text-danger"}`}
        >
          {note}
        </p>
      )}
    </div>
  );
}
