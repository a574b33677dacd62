/** Pictures of the same key and step side by side, and what each model answered to the same samples. */
import { Image as ImageIcon } from "lucide-react";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { readAnswers } from "@/lib/compare/read-answers.ts";
import { readImages } from "@/lib/compare/read-images.ts";
import { looksOf } from "../run-looks.ts";
import type { CompareTabProps } from "../tab.ts";
import { ImagesTable } from "../tab-parts.tsx";
import { AnswersTable } from "./answers-table.tsx";

export async function ImagesTab({ member, project, facts, state }: CompareTabProps) {
  const looks = looksOf(facts.runs);
  const shown = facts.runs.filter(({ id }) => !state.hidden.includes(id));
  const ids = shown.map(({ id }) => id);
  const [images, answers] = await Promise.all([
    readImages(member, project.id, ids),
    readAnswers(member, project.id, ids),
  ]);
  const runs = shown.map(({ id, name }) => ({ id, name, look: looks.get(id)!, isBaseline: id === facts.baseline }));
  if (images.keys.length === 0 && !answers)
    return (
      <Empty icon={ImageIcon} title="No images">
        <p>
          Pictures that trainers log with <code>run.image(key, step, picture)</code> stand here side by side, by key and
          step; and samples of the validation split beside each model's answer, once runs are evaluated on it.
        </p>
      </Empty>
    );
  return (
    <>
      {images.keys.length > 0 && <ImagesTable runs={runs} keys={images.keys} isCut={images.isCut} />}
      {answers && <AnswersTable slug={project.slug} runs={runs} answers={answers} />}
    </>
  );
}
