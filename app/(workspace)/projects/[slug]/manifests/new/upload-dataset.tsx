"use client";
/** A file of samples becomes a dataset: registered, uploaded with its progress, complete. */
import { Upload } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Field } from "@/app/_ui/parts/field.tsx";
import { datasetUploadApi, newManifestHref } from "@/app/paths.ts";
import { completeDatasetAction, createDatasetAction } from "../manifest-actions.ts";
import { AskFile, type FileQuestion, noAnswers, questionIn, uploadQuery } from "./file-question.tsx";
import { sendFile } from "./send-file.ts";

type UploadState =
  | { kind: "idle" }
  | { kind: "sending"; share: number }
  | { kind: "refused"; words: string; question: FileQuestion | null }
  | { kind: "done"; remarks: string[] };

/** A dataset in the address and in a form, where a line feed would come out as two characters. */
export const datasetValue = (name: string, version: string): string =>
  new URLSearchParams({ name, version }).toString();

const formatOf = (name: string) => /\.(csv|jsonl|parquet)$/i.exec(name)?.[1]?.toLowerCase();

export function UploadDataset({ slug }: { slug: string }) {
  const router = useRouter();
  const [state, setState] = useState<UploadState>({ kind: "idle" });
  const [answers, setAnswers] = useState(noAnswers);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [name, version] = [String(form.get("datasetName")).trim(), String(form.get("datasetVersion")).trim()];
    const refuse = (words: string, question: FileQuestion | null = null) =>
      setState({ kind: "refused", words, question });
    const file = form.get("file");
    const format = file instanceof File ? formatOf(file.name) : undefined;
    if (!(file instanceof File) || !format) return refuse("Choose a file that ends in .csv, .jsonl or .parquet.");
    setState({ kind: "sending", share: 0 });
    const created = await createDatasetAction(slug, { name, version, temporal: form.get("temporal") === "on" });
    if (!created.ok) return refuse(created.error);
    const address = datasetUploadApi(created.value, uploadQuery(format, answers));
    const sent = await sendFile(address, file, (share) => setState({ kind: "sending", share }));
    if (!sent.ok) {
      const question = sent.fault && questionIn(sent.fault);
      return refuse(question?.words ?? sent.words, question);
    }
    const completed = await completeDatasetAction(created.value);
    if (!completed.ok) return refuse(completed.error);
    setState({ kind: "done", remarks: sent.remarks });
    setAnswers(noAnswers);
    router.replace(newManifestHref(slug, datasetValue(name, version)));
    router.refresh();
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Dataset's name" name="datasetName" required maxLength={200} placeholder="street signs" />
        <Field label="Version" name="datasetVersion" required maxLength={100} placeholder="1" />
      </div>
      <Field
        label="File of samples"
        name="file"
        type="file"
        accept=".csv,.jsonl,.parquet"
        required
        onChange={() => setAnswers(noAnswers)}
        className="h-auto py-1"
        hint="One row a sample: key; content_hash, text or columns of features; and, where there are, label, group, time, split, sealed, byte_hash."
      />
      <label className="flex items-start gap-2 text-sm">
        <input type="checkbox" name="temporal" className="mt-0.5 accent-accent" />
        <span>The future must not be trained on: a training sample later than a test sample blocks a manifest.</span>
      </label>
      {state.kind === "refused" && (
        <p role="alert" className="text-sm text-danger">
          {state.words}
        </p>
      )}
      {state.kind === "refused" && state.question && (
        <AskFile question={state.question} answers={answers} onAnswer={setAnswers} />
      )}
      {state.kind === "done" && state.remarks.length > 0 && (
        <ul role="status" className="grid gap-1 text-sm text-muted">
          {state.remarks.map((remark) => (
            <li key={remark}>{remark}</li>
          ))}
        </ul>
      )}
      <div className="flex items-center gap-3">
        <Button type="submit" disabled={state.kind === "sending"}>
          <Upload aria-hidden />
          Upload samples
        </Button>
        {state.kind === "sending" && (
          <progress aria-label="Upload" value={state.share} max={1} className="h-1.5 w-40 accent-accent" />
        )}
        <span aria-live="polite" className="text-sm text-muted">
          {state.kind === "sending" &&
            (state.share < 1 ? `${Math.round(state.share * 100)} %` : "reading the samples …")}
        </span>
      </div>
    </form>
  );
}
