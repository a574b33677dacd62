"use client";
/** How a manifest is made of a dataset that is there: the method, the shares. */
import { useState } from "react";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Field, SelectField } from "@/app/_ui/parts/field.tsx";
import { Section } from "@/app/_ui/parts/section.tsx";
import { makeManifestAction } from "../manifest-actions.ts";
import { datasetValue } from "./dataset-value.ts";
import { allMethods, type SplitChoice, SplitFields } from "./split-fields.tsx";

type MakeManifestProps = {
  slug: string;
  datasets: { name: string; version: string }[];
  /** The dataset that the address names, as `datasetValue` writes it. */
  chosen: string | null;
};

export function MakeManifest({ slug, datasets, chosen }: MakeManifestProps) {
  const [choice, setChoice] = useState<SplitChoice>({ method: "stratified", fractions: "70/15/15" });
  const options = datasets.map(({ name, version }) => [datasetValue(name, version), `${name} ${version}`] as const);
  return (
    <Section
      title="Split"
      about="Samples that share a group or a content go together, but where they are given, kept or sealed apart: that the checks find. The same dataset, method and seed make the same manifest on every machine."
    >
      {options.length === 0 ? (
        <p className="text-sm text-muted">There is no complete dataset yet: begin with a file.</p>
      ) : (
        <ActionForm action={makeManifestAction.bind(null, slug)}>
          <SelectField
            key={chosen}
            label="Dataset"
            name="dataset"
            options={options}
            defaultValue={chosen ?? undefined}
          />
          <Field label="Name" name="name" required maxLength={200} placeholder="signs 70/15/15" autoComplete="off" />
          <SplitFields methods={allMethods} choice={choice} onChoice={setChoice} />
          <div className="flex justify-end">
            <Submit>Make manifest</Submit>
          </div>
        </ActionForm>
      )}
    </Section>
  );
}
