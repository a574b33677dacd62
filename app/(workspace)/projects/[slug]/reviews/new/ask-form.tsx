"use client";
/** What is asked, and of whom. */
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Field, SelectField, TextField } from "@/app/_ui/parts/field.tsx";
import { askReviewAction, type ReviewedPlace } from "../actions.ts";

type AskFormProps = {
  place: ReviewedPlace;
  /** Of what is reviewed, in the order of its ids. */
  names: string[];
  title: string;
  /** Members who could be asked. */
  others: { id: string; name: string }[];
};

export function AskForm({ place, names, title, others }: AskFormProps) {
  return (
    <ActionForm action={askReviewAction.bind(null, place)}>
      <p className="text-sm">
        Of {names.length === 1 ? names[0] : `${names.length} runs`}
        {names.length > 1 && <span className="block text-muted wrap-anywhere">{names.join(", ")}</span>}
      </p>
      <Field label="Title" name="title" defaultValue={title} maxLength={200} required />
      <TextField label="What there is to decide" name="about" rows={5} maxLength={20_000} hint="Markdown" />
      {place.kind === "runs" && (
        <SelectField
          label="Your choice"
          name="chosenRun"
          options={[["", "none yet"], ...place.subjects.map((id, at) => [id, names[at] ?? id] as const)]}
        />
      )}
      {others.length > 0 && (
        <fieldset className="grid gap-1">
          <legend className="pb-1 text-sm font-medium">Ask</legend>
          {others.map(({ id, name }) => (
            <label key={id} className="flex items-center gap-2 text-sm">
              <input type="checkbox" name="reviewers" value={id} />
              {name}
            </label>
          ))}
        </fieldset>
      )}
      <Submit className="justify-self-start">Ask for a review</Submit>
    </ActionForm>
  );
}
