"use client";
import { ActButton } from "@/app/_ui/overlays/act-button.tsx";
import { readAllAction } from "./actions.ts";

export const ReadAll = () => (
  <ActButton action={readAllAction} done="Everything counts as read.">
    Mark all as read
  </ActButton>
);
