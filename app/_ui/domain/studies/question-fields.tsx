"use client";
import { studyModes, studyStages } from "@/lib/wire/studies/parameters.ts";
import { modeWords, stageWords } from "@/lib/words/studies/study-words.ts";
import { Field, SelectField, TextField } from "../../parts/field.tsx";
import type { PartProps } from "./study-form.tsx";

export function QuestionFields({ draft, set, isBegun }: PartProps & { isBegun: boolean }) {
  return (
    <div className="grid gap-4">
      <Field
        label="Title"
        name="title"
        required
        maxLength={200}
        value={draft.title}
        onChange={(event) => set({ title: event.target.value })}
      />
      <TextField
        label="Question"
        name="question"
        rows={2}
        disabled={isBegun}
        value={draft.question}
        onChange={(event) => set({ question: event.target.value })}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          label="Stage"
          name="stage"
          disabled={isBegun}
          options={studyStages.map((stage) => [stage, stageWords(stage)] as const)}
          value={draft.stage}
          onChange={(event) => set({ stage: event.target.value as typeof draft.stage })}
          hint="The usual order: batch size, learning rate, optimizer, model."
        />
        <SelectField
          label="Mode"
          name="mode"
          disabled={isBegun}
          options={studyModes.map((mode) => [mode, modeWords(mode)] as const)}
          value={draft.mode}
          onChange={(event) => set({ mode: event.target.value as typeof draft.mode })}
        />
      </div>
      <TextField
        label="Hypothesis"
        name="hypothesis"
        rows={2}
        value={draft.hypothesis}
        onChange={(event) => set({ hypothesis: event.target.value })}
        hint="What you expect, and why. Written before the first trial it is a hypothesis, later a note."
      />
    </div>
  );
}
