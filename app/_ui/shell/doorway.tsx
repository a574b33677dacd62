import type { ReactNode } from "react";
import { Mark } from "./mark.tsx";

/** The narrow page of whoever isn't signed in yet. */
export function Doorway({ title, about, children }: { title: string; about?: ReactNode; children?: ReactNode }) {
  return (
    <main className="mx-auto grid min-h-dvh w-full max-w-92 content-center gap-6 px-4 py-12">
      <Mark />
      <div className="grid gap-2">
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {about && <p className="text-sm text-muted">{about}</p>}
      </div>
      {children}
    </main>
  );
}
