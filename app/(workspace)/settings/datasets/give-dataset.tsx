"use client";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Dialog } from "@/app/_ui/overlays/dialog.tsx";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { SelectField } from "@/app/_ui/parts/field.tsx";
import { giveDatasetAction } from "./actions.ts";

type GiveDatasetProps = {
  id: string;
  /** The dataset's name and version. */
  named: string;
  /** Id and name of the projects that don't have it. */
  projects: (readonly [string, string])[];
};

export function GiveDataset({ id, named, projects }: GiveDatasetProps) {
  const toast = useToast();
  const [open, setOpen] = useState(false);
  const done = () => {
    setOpen(false);
    toast({ title: `${named} is given.` });
  };
  const trigger = (
    <Button disabled={projects.length === 0} aria-label={`Give ${named} to a project`}>
      <Plus aria-hidden />
      Give
    </Button>
  );
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title={`Give ${named} to a project`}
      description="Its members make manifests of it, and its tokens reach the samples: keys, hashes, groups, thumbnails, and labels that aren't sealed."
      trigger={trigger}
    >
      <ActionForm action={giveDatasetAction.bind(null, id)} onDone={done}>
        <SelectField label="Project" name="project" options={projects} />
        <div className="flex justify-end gap-2">
          <Button onClick={() => setOpen(false)}>Cancel</Button>
          <Submit>Give</Submit>
        </div>
      </ActionForm>
    </Dialog>
  );
}
