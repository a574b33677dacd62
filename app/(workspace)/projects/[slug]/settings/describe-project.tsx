"use client";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Field, TextField } from "@/app/_ui/parts/field.tsx";
import { describeProjectAction } from "./actions.ts";

type DescribeProjectProps = { id: string; name: string; description: string };

export function DescribeProject({ id, name, description }: DescribeProjectProps) {
  const toast = useToast();
  return (
    <ActionForm action={describeProjectAction.bind(null, id)} onDone={() => toast({ title: "Project saved." })}>
      <Field label="Name" name="name" defaultValue={name} maxLength={100} required autoComplete="off" />
      <TextField label="Description" name="description" defaultValue={description} maxLength={100_000} rows={6} />
      <Submit look="plain" className="justify-self-start">
        Save
      </Submit>
    </ActionForm>
  );
}
