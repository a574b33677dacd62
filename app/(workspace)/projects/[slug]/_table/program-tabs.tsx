"use client";
/** A program that logs a run, in three languages and for scripts that log by MLflow, and one that brings predictions. */
import { Tabs } from "radix-ui";
import { Snippet } from "@/app/_ui/parts/copy-button.tsx";
import { snippet, snippetLanguages } from "@/lib/snippets.ts";

/** `origin`: the server's address. */
export function ProgramTabs({ origin }: { origin: string }) {
  return (
    <Tabs.Root defaultValue={snippetLanguages[0]} className="grid w-full grid-cols-1 gap-2 text-text">
      <Tabs.List aria-label="Language" className="flex flex-wrap gap-x-4 border-b border-line">
        {snippetLanguages.map((language) => (
          <Tabs.Trigger
            key={language}
            value={language}
            className="-mb-px h-9 border-b-2 border-transparent text-sm text-muted hover:text-text data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-text"
          >
            {language}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {snippetLanguages.map((language) => (
        <Tabs.Content key={language} value={language} data-testid={`snippet-${language}`}>
          <Snippet text={snippet(language, origin)} label={`Copy the ${language} snippet`} />
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}
