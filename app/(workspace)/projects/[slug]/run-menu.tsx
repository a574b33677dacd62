"use client";
/** What can be done with a run from its row. */
import { Ellipsis, Trash2 } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useTransition } from "react";
import { buttonClass } from "@/app/_ui/button.tsx";
import { useToast } from "@/app/_ui/toast.tsx";
import { deleteRunAction, restoreRunAction } from "./run-actions.ts";

export function RunMenu({ run, name }: { run: string; name: string }) {
  const toast = useToast();
  const [pending, startTransition] = useTransition();
  const remove = () =>
    startTransition(async () => {
      const outcome = await deleteRunAction(run);
      toast(
        outcome.ok
          ? { title: `${name} is deleted.`, undo: { label: "Undo", action: () => restoreRunAction(run) } }
          : { title: outcome.error, tone: "danger" },
      );
    });
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger
        className={`${buttonClass("ghost", true)} h-6 w-6`}
        aria-label={`Actions for ${name}`}
        disabled={pending}
      >
        <Ellipsis aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" className="z-60 animate-appear rounded-lg bg-raised p-1 shadow-float">
          <DropdownMenu.Item
            onSelect={remove}
            className="flex h-8 items-center gap-2 rounded-md px-2 text-sm text-danger outline-none select-none data-highlighted:bg-hover [&_svg]:size-4"
          >
            <Trash2 aria-hidden />
            Delete
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
