"use client";
import { Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { deleteProjectAction, restoreProjectAction } from "@/app/_ui/domain/project-actions.ts";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { homeHref } from "@/app/paths.ts";

export function DeleteProject({ id, name }: { id: string; name: string }) {
  const router = useRouter();
  const toast = useToast();
  const [pending, startTransition] = useTransition();
  const run = () =>
    startTransition(async () => {
      const outcome = await deleteProjectAction(id);
      if (!outcome.ok) return toast({ title: outcome.error, tone: "danger" });
      router.push(homeHref);
      router.refresh();
      toast({ title: `${name} is deleted.`, undo: { label: "Undo", action: () => restoreProjectAction(id) } });
    });
  return (
    <Button onClick={run} disabled={pending} aria-busy={pending} className="max-w-full text-danger">
      <Trash2 aria-hidden />
      <span className="truncate">Delete {name}</span>
    </Button>
  );
}
