"use client";
import { Plus } from "lucide-react";
import { useState } from "react";
import { PrimaryMetricFields } from "@/app/_ui/domain/primary-metric-fields.tsx";
import { Dialog } from "@/app/_ui/overlays/dialog.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Field } from "@/app/_ui/parts/field.tsx";
import { createProjectAction } from "./actions.ts";

export function CreateProject() {
  const [open, setOpen] = useState(false);
  const trigger = (
    <Button look="primary">
      <Plus aria-hidden />
      New project
    </Button>
  );
  return (
    <Dialog open={open} onOpenChange={setOpen} title="New project" trigger={trigger}>
      <ActionForm action={createProjectAction}>
        <Field label="Name" name="name" placeholder="Street signs" maxLength={100} required autoComplete="off" />
        <PrimaryMetricFields />
        <div className="flex justify-end gap-2">
          <Button onClick={() => setOpen(false)}>Cancel</Button>
          <Submit>Create project</Submit>
        </div>
      </ActionForm>
    </Dialog>
  );
}
