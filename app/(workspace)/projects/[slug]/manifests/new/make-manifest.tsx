"use client";
/** How a manifest is made: the samples, the method, the shares. */
import { useState } from "react";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Field, SelectField, TextField } from "@/app/_ui/parts/field.tsx";
import { Section } from "@/app/_ui/parts/section.tsx";
import { fractionPresets, type ManifestMethod } from "@/lib/wire/manifests.ts";
import { makeManifestAction } from "../manifest-actions.ts";
import { datasetValue, UploadDataset } from "./upload-dataset.tsx";

const methods: [ManifestMethod, string][] = [
  ["stratified", "Stratified: each class in its share"],
  ["random", "Random"],
  ["group", "Group: a group stays in one split"],
  ["stratified-group", "Stratified group: both, as well as can be"],
  ["time", "Time: train on the past, test on the future"],
  ["stratified-k-fold", "Stratified k-fold"],
  ["k-fold", "k-fold"],
  ["group-k-fold", "Group k-fold"],
  ["stratified-group-k-fold", "Stratified group k-fold"],
  ["given", "Given: as the samples' own column says"],
];

type MakeManifestProps = {
  slug: string;
  datasets: { name: string; version: string }[];
  /** The dataset that the address names, as `datasetValue` writes it. */
  chosen: string | null;
};

export function MakeManifest({ slug, datasets, chosen }: MakeManifestProps) {
  const options = datasets.map(({ name, version }) => [datasetValue(name, version), `${name} ${version}`] as const);
  return (
    <>
      <Section
        title="Samples"
        about="A file becomes a dataset, which never changes once it is complete. It is this project's: trainers register theirs too, and an admin may give it to other projects."
      >
        <UploadDataset slug={slug} />
      </Section>
      <Section
        title="Split"
        about="Samples that share a group or a content go together, but where they are given, kept or sealed apart: that the checks find. The same dataset, method and seed make the same manifest on every machine."
      >
        {options.length === 0 ? (
          <p className="text-sm text-muted">There is no complete dataset yet: upload one above.</p>
        ) : (
          <SplitForm slug={slug} datasets={options} chosen={chosen} />
        )}
      </Section>
    </>
  );
}

type SplitFormProps = { slug: string; datasets: (readonly [string, string])[]; chosen: string | null };

function SplitForm({ slug, datasets, chosen }: SplitFormProps) {
  const [method, setMethod] = useState<string>("stratified");
  const [fractions, setFractions] = useState<string>("70/15/15");
  const shared = method !== "given";
  return (
    <ActionForm action={makeManifestAction.bind(null, slug)}>
      <SelectField key={chosen} label="Dataset" name="dataset" options={datasets} defaultValue={chosen ?? undefined} />
      <Field label="Name" name="name" required maxLength={200} placeholder="signs 70/15/15" autoComplete="off" />
      <SelectField
        label="Method"
        name="method"
        options={methods}
        value={method}
        onChange={(event) => setMethod(event.target.value)}
      />
      {shared && (
        <SelectField
          label="Train / validation / test"
          name="fractions"
          options={[...Object.keys(fractionPresets).map((name) => [name, name] as const), ["other", "Other shares"]]}
          value={fractions}
          onChange={(event) => setFractions(event.target.value)}
        />
      )}
      {shared && fractions === "other" && (
        <div className="grid grid-cols-3 gap-3">
          <Field label="Train, %" name="train" type="number" min={1} max={100} step="any" defaultValue={70} />
          <Field label="Validation, %" name="validation" type="number" min={0} max={99} step="any" defaultValue={15} />
          <Field label="Test, %" name="test" type="number" min={0} max={99} step="any" defaultValue={15} />
        </div>
      )}
      {shared && method !== "time" && (
        <Field label="Seed" name="seed" type="number" min={0} step={1} defaultValue={1} required />
      )}
      <MethodFields method={method} />
      <TextField label="Notes" name="notes" rows={2} />
      <div className="flex justify-end">
        <Submit>Make manifest</Submit>
      </div>
    </ActionForm>
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
