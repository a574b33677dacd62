"use client";
/** The fields of a form that say how a split is made: method, shares, seed, and what the method asks besides. */
import { Field, SelectField, TextField } from "@/app/_ui/parts/field.tsx";
import { fractionPresets, type ManifestMethod } from "@/lib/wire/data/manifests.ts";

const methodWords: Record<ManifestMethod, string> = {
  stratified: "Stratified: each class in its share",
  random: "Random",
  group: "Group: a group stays in one split",
  "stratified-group": "Stratified group: both, as well as can be",
  time: "Time: train on the past, test on the future",
  "stratified-k-fold": "Stratified k-fold",
  "k-fold": "k-fold",
  "group-k-fold": "Group k-fold",
  "stratified-group-k-fold": "Stratified group k-fold",
  given: "Given: as the samples' own column says",
};
export const allMethods = Object.keys(methodWords) as ManifestMethod[];

/** What is chosen of a split, as the fields hold it. */
export type SplitChoice = { method: ManifestMethod; fractions: string };

/** Shares of train, validation and test, 0 to 1; null: the fields ask for others. */
export function sharesOf({ fractions }: SplitChoice): number[] | null {
  const preset = fractionPresets[fractions as keyof typeof fractionPresets];
  return preset ? [preset.train, preset.validation, preset.test] : null;
}

type SplitFieldsProps = {
  methods: readonly ManifestMethod[];
  /** What the methods that aren't there would need. */
  hint?: string | undefined;
  choice: SplitChoice;
  onChoice: (choice: SplitChoice) => void;
};

export function SplitFields({ methods, hint, choice, onChoice }: SplitFieldsProps) {
  const { method, fractions } = choice;
  const isShared = method !== "given";
  return (
    <>
      <SelectField
        label="Method"
        name="method"
        hint={hint}
        options={methods.map((one) => [one, methodWords[one]] as const)}
        value={method}
        onChange={(event) => onChoice({ ...choice, method: event.target.value as ManifestMethod })}
      />
      {isShared && (
        <SelectField
          label="Train / validation / test"
          name="fractions"
          options={[...Object.keys(fractionPresets).map((name) => [name, name] as const), ["other", "Other shares"]]}
          value={fractions}
          onChange={(event) => onChoice({ ...choice, fractions: event.target.value })}
        />
      )}
      {isShared && fractions === "other" && (
        <div className="grid grid-cols-3 gap-3">
          <Field label="Train, %" name="train" type="number" min={1} max={100} step="any" defaultValue={70} />
          <Field label="Validation, %" name="validation" type="number" min={0} max={99} step="any" defaultValue={15} />
          <Field label="Test, %" name="test" type="number" min={0} max={99} step="any" defaultValue={15} />
        </div>
      )}
      {isShared && method !== "time" && (
        <Field label="Seed" name="seed" type="number" min={0} step={1} defaultValue={1} required />
      )}
      <MethodFields method={method} />
      <TextField label="Notes" name="notes" rows={2} />
    </>
  );
}

function MethodFields({ method }: { method: string }) {
  if (method === "given") return null;
  if (method === "time")
    return (
      <Field
        label="Gap, seconds"
        name="gapSeconds"
        type="number"
        min={0}
        defaultValue={0}
        hint="Samples this long before validation and before test are left out."
      />
    );
  return (
    <>
      {method.endsWith("k-fold") && (
        <Field
          label="Folds"
          name="folds"
          type="number"
          min={2}
          max={50}
          defaultValue={5}
          hint="Each is a manifest of its own, beside one of the whole that names them all."
        />
      )}
      {(method === "random" || method === "group") && (
        <SelectField
          label="Assignment"
          name="assignment"
          options={[
            ["quota", "Exact quotas"],
            ["threshold", "By hash: a sample stays where it is when the dataset grows"],
          ]}
          hint="By hash, shares are met roughly, and a sample moves only where a new one ties it to another group or content."
        />
      )}
      {method.startsWith("stratified") && (
        <Field
          label="Quantile bins"
          name="quantileBins"
          type="number"
          min={2}
          max={1000}
          hint="For labels that are numbers, such as 10; empty: labels are classes."
        />
      )}
      <fieldset className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
        <legend className="mb-1 text-sm font-medium">Keep as the dataset's maker put it</legend>
        {["train", "validation", "test"].map((split) => (
          <label key={split} className="flex items-center gap-2">
            <input type="checkbox" name="keep" value={split} className="accent-accent" />
            {split}
          </label>
        ))}
      </fieldset>
    </>
  );
}
