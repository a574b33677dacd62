"use client";
/** What the dataset and its split are called, how it is split, and the button that makes both. */
import { type FormEvent, useState, useTransition } from "react";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Field } from "@/app/_ui/parts/field.tsx";
import { Section } from "@/app/_ui/parts/section.tsx";
import { datasetUploadApi } from "@/app/paths.ts";
import type { DatasetUploaded } from "@/lib/wire/data/datasets.ts";
import { completeDatasetAction, createDatasetAction, makeManifestAction } from "../manifest-actions.ts";
import { datasetValue } from "./dataset-value.ts";
import type { LookedAt } from "./file-manifest.tsx";
import { PlanReview } from "./plan-review.tsx";
import { Choice } from "./reading-choices.tsx";
import { sendFile } from "./send-file.ts";
import { type SplitChoice, SplitFields, sharesOf } from "./split-fields.tsx";
import { listFaults, methodsFor, nameOfFile, nextVersion, type UploadPlan, uploadQuery } from "./upload-plan.ts";

type MakeFormProps = {
  slug: string;
  seen: LookedAt;
  plan: UploadPlan;
  /** Datasets of the project. */
  taken: { name: string; version: string }[];
  /** Another name of the dataset was written: an earlier version of it may say what its columns are. */
  onName: (name: string) => void;
};

export function MakeForm({ slug, seen, plan, taken, onName }: MakeFormProps) {
  const { file, format, preview } = seen;
  const [name, setName] = useState(nameOfFile(file.name));
  const [version, setVersion] = useState<string | null>(null);
  const [chosen, setChosen] = useState<Partial<SplitChoice>>({});
  const [temporal, setTemporal] = useState(false);
  const [said, setSaid] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [isMaking, startMaking] = useTransition();
  const methods = methodsFor(preview, plan);
  const method = methods.find((one) => one === chosen.method) ?? methods[0]!;
  const choice = { method, fractions: chosen.fractions ?? "70/15/15" };
  const faults = listFaults(preview, plan);
  const shownVersion = version ?? nextVersion(taken, name.trim());
  const make = async (form: FormData): Promise<string | null> => {
    setSaid("registering the dataset …");
    const dataset = { name: name.trim(), version: shownVersion.trim() };
    const created = await createDatasetAction(slug, { ...dataset, temporal });
    if (!created.ok) return created.error;
    const address = datasetUploadApi(created.value, uploadQuery(format, preview, plan));
    const sent = await sendFile<DatasetUploaded>(address, file, (share) =>
      setSaid(share < 1 ? `sending the file, ${Math.round(share * 100)} %` : "reading and storing the samples …"),
    );
    if (!sent.ok) return sent.words;
    const completed = await completeDatasetAction(created.value);
    if (!completed.ok) return completed.error;
    setSaid("making the split …");
    form.set("dataset", datasetValue(dataset.name, dataset.version));
    const made = await makeManifestAction(slug, null, form);
    return made.ok ? null : made.error;
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    if (String(form.get("name")).trim() === "") form.set("name", nameFor(name, choice));
    startMaking(async () => {
      setError(null);
      setError(await make(form));
      setSaid("");
    });
  };
  return (
    <>
      <Section wide title="What it comes to">
        <PlanReview
          preview={preview}
          plan={plan}
          faults={faults}
          shares={method === "given" || method.includes("fold") ? null : sharesOf(choice)}
        />
      </Section>
      <Section
        title="Split"
        about="Samples that share a group or a content go together, but where they are given, kept or sealed apart: that the checks find. The same dataset, method and seed make the same manifest on every machine."
      >
        <form onSubmit={submit} className="grid gap-4">
          <div className="grid gap-4 sm:grid-cols-2">
            <Field
              label="Dataset's name"
              required
              maxLength={200}
              value={name}
              onChange={(event) => setName(event.target.value)}
              onBlur={() => name.trim() !== nameOfFile(file.name) && onName(name.trim())}
            />
            <Field
              label="Version"
              required
              maxLength={100}
              value={shownVersion}
              onChange={(event) => setVersion(event.target.value)}
            />
          </div>
          <Field
            label="Manifest's name"
            name="name"
            maxLength={200}
            placeholder={nameFor(name, choice)}
            autoComplete="off"
          />
          <SplitFields
            methods={methods}
            hint={methods.length < ALL_METHODS ? "Others need a column of labels, groups, times or splits." : undefined}
            choice={choice}
            onChoice={setChosen}
          />
          <Choice checked={temporal} onChange={setTemporal}>
            The future must not be trained on: a training sample later than a test sample blocks the manifest
          </Choice>
          {error !== null && (
            <p role="alert" className="text-sm text-danger wrap-anywhere">
              {error}
            </p>
          )}
          <div className="flex flex-wrap items-center justify-end gap-3">
            <span aria-live="polite" className="text-sm text-muted">
              {isMaking ? said : faults.length > 0 && "What would be refused stands above."}
            </span>
            <Button type="submit" look="primary" disabled={isMaking || faults.length > 0} aria-busy={isMaking}>
              Make manifest
            </Button>
          </div>
        </form>
      </Section>
    </>
  );
}

const ALL_METHODS = 10;

const nameFor = (dataset: string, { method, fractions }: SplitChoice): string =>
  [dataset.trim(), method.replaceAll("-", " "), method === "given" || fractions === "other" ? "" : fractions]
    .filter((part) => part !== "")
    .join(", ");
