"use client";
/** From a file to a manifest on one page: looked at, its columns' roles, what it comes to, and the split. */
import { useRef, useState } from "react";
import { Section } from "@/app/_ui/parts/section.tsx";
import { datasetPreviewApi } from "@/app/paths.ts";
import type { TablePreview } from "@/lib/wire/data/table-preview.ts";
import { keptReadingAction } from "../manifest-actions.ts";
import { ChooseFile } from "./choose-file.tsx";
import { ColumnTable } from "./column-table.tsx";
import { MakeForm } from "./make-form.tsx";
import { ReadingChoices } from "./reading-choices.tsx";
import { beginningOf, fileEndings, formatOf, sendFile } from "./send-file.ts";
import { nameOfFile, proposePlan, type UploadPlan } from "./upload-plan.ts";

/** A file that was looked at. */
export type LookedAt = { file: File; format: string; preview: TablePreview };

type Look =
  | { kind: "none" }
  | { kind: "looking"; file: File; share: number }
  | { kind: "unreadable"; file: File; words: string }
  | ({ kind: "seen" } & LookedAt);

type FileManifestProps = { slug: string; taken: { name: string; version: string }[] };

export function FileManifest({ slug, taken }: FileManifestProps) {
  const [look, setLook] = useState<Look>({ kind: "none" });
  const [plan, setPlan] = useState<UploadPlan | null>(null);
  const newest = useRef<File>(null);
  const lookAt = async (file: File) => {
    newest.current = file;
    const say = (next: Look) => newest.current === file && setLook(next);
    const format = formatOf(file.name);
    if (!format) return say({ kind: "unreadable", file, words: unreadWords(file.name) });
    say({ kind: "looking", file, share: 0 });
    const { body, isPart } = await beginningOf(file, format);
    const query = new URLSearchParams({ format, ...(isPart ? { part: "1" } : {}) });
    const sent = await sendFile<TablePreview>(datasetPreviewApi(query), body, (share) =>
      say({ kind: "looking", file, share }),
    );
    if (!sent.ok) return say({ kind: "unreadable", file, words: sent.words });
    const kept = await keptReadingAction(slug, nameOfFile(file.name));
    if (newest.current !== file) return;
    setPlan(proposePlan(sent.answer, kept.ok ? kept.value : null));
    say({ kind: "seen", file, format, preview: sent.answer });
  };
  const keptOf = async (name: string) => {
    const kept = await keptReadingAction(slug, name);
    if (kept.ok && kept.value && look.kind === "seen") setPlan(proposePlan(look.preview, kept.value));
  };
  return (
    <>
      <Section title="Samples" about="A file becomes a dataset, which never changes once it is complete.">
        <ChooseFile shown={look.kind === "seen" ? look.file.name : null} onFile={(file) => void lookAt(file)} />
        <LookState look={look} />
      </Section>
      {look.kind === "seen" && plan && (
        <>
          <Section
            wide
            title="Columns"
            about="What each column seems to be; change what isn't right. The key names a row, samples of one group stay in one split, the label is what a model is to tell, and features are what it tells it by."
          >
            <div className="grid gap-6">
              <ColumnTable preview={look.preview} plan={plan} onPlan={setPlan} />
              <ReadingChoices preview={look.preview} plan={plan} onPlan={setPlan} />
            </div>
          </Section>
          <MakeForm key={look.file.name} slug={slug} seen={look} plan={plan} taken={taken} onName={keptOf} />
        </>
      )}
    </>
  );
}

const unreadWords = (name: string): string =>
  /\.xlsx?$/i.test(name)
    ? `${name} is a workbook of Excel: save its sheet as CSV (UTF-8) and choose that.`
    : `${name} isn't read: choose a file that ends in ${fileEndings.join(", ")}.`;

function LookState({ look }: { look: Look }) {
  if (look.kind === "unreadable")
    return (
      <p role="alert" className="pt-3 text-sm text-danger wrap-anywhere">
        {look.words}
      </p>
    );
  if (look.kind !== "looking") return null;
  return (
    <p className="flex items-center gap-3 pt-3 text-sm text-muted" role="status">
      <progress aria-label="Upload" value={look.share} max={1} className="h-1.5 w-40 accent-accent" />
      looking at {look.file.name} …
    </p>
  );
}
