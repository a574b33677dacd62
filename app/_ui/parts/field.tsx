"use client";
/** Labelled inputs. Inside an ActionForm they show the error that the server found in them. */
import { type ComponentProps, type ReactNode, useId } from "react";
import { useFormState } from "./action-form.tsx";

export const inputClass = `h-8 w-full rounded-md border border-line-strong bg-bg px-2.5 text-sm text-text
  disabled:opacity-60 aria-invalid:border-danger`;

type FieldLabel = { label: string; hint?: ReactNode };
type FieldWiring = { id: string; "aria-describedby": string | undefined; "aria-invalid": boolean | undefined };

function FieldFrame({
  label,
  hint,
  name,
  children,
}: FieldLabel & { name: string | undefined; children: (wiring: FieldWiring) => ReactNode }) {
  const id = useId();
  const { fieldErrors } = useFormState();
  const error = name === undefined ? undefined : fieldErrors[name];
  const noteId = `${id}-note`;
  const described = error !== undefined || hint !== undefined;
  return (
    <div className="grid content-start gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children({
        id,
        "aria-describedby": described ? noteId : undefined,
        "aria-invalid": error === undefined ? undefined : true,
      })}
      {described && (
        <p id={noteId} role={error ? "alert" : undefined} className={`text-xs ${error ? "text-danger" : "text-muted"}`}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

export function Field({ label, hint, className = "", ...input }: FieldLabel & ComponentProps<"input">) {
  return (
    <FieldFrame label={label} hint={hint} name={input.name}>
      {(wiring) => <input {...input} {...wiring} className={`${inputClass} ${className}`} />}
    </FieldFrame>
  );
}

/** An input alone, where something else says what it is for. */
export const Input = ({ className = "", ...input }: ComponentProps<"input">) => (
  <input {...input} className={`${inputClass} ${className}`} />
);

export function TextField({ label, hint, className = "", ...input }: FieldLabel & ComponentProps<"textarea">) {
  return (
    <FieldFrame label={label} hint={hint} name={input.name}>
      {(wiring) => (
        <textarea rows={5} {...input} {...wiring} className={`${inputClass} h-auto py-1.5 font-mono ${className}`} />
      )}
    </FieldFrame>
  );
}

type SelectFieldProps = FieldLabel & ComponentProps<"select"> & { options: readonly (readonly [string, string])[] };

/** `options`: pairs of value and words. */
export function SelectField({ label, hint, options, className = "", ...input }: SelectFieldProps) {
  return (
    <FieldFrame label={label} hint={hint} name={input.name}>
      {(wiring) => <Select {...input} {...wiring} options={options} className={className} />}
    </FieldFrame>
  );
}

export function Select({
  options,
  className = "",
  ...input
}: ComponentProps<"select"> & { options: readonly (readonly [string, string])[] }) {
  return (
    <select {...input} className={`${inputClass} ${className}`}>
      {options.map(([value, words]) => (
        <option key={value} value={value}>
          {words}
        </option>
      ))}
    </select>
  );
}
