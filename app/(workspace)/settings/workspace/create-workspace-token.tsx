"use client";
import { NewToken } from "@/app/_ui/domain/tokens/new-token.tsx";
import { createWorkspaceTokenAction } from "./actions.ts";

export const CreateWorkspaceToken = () => (
  <NewToken
    title="New token of the workspace"
    about="It creates, renames and deletes projects, and logs to any of them. It reads no test number."
    placeholder="shared notebook server"
    action={createWorkspaceTokenAction}
    className="justify-self-start"
  />
);
