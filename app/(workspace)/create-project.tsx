"use client";
import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { PrimaryMetricFields } from "@/app/_ui/domain/primary-metric-fields.tsx";
import { Dialog } from "@/app/_ui/overlays/dialog.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Field } from "@/app/_ui/parts/field.tsx";
import { homeHref } from "@/app/paths.ts";
import { createProjectAction } from "./actions.ts";

/** `isAsked`: the address asks for the form; it does no longer once the form is closed. */
export function CreateProject({ isAsked }: { isAsked: boolean }) {
  const router = useRouter();
  const [isOpen, setIsOpen] = useState(false);
  const open = isOpen || isAsked;
  const setOpen = (wanted: boolean) => {
    setIsOpen(wanted);
    if (!wanted && isAsked) router.replace(homeHref);
  };
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
