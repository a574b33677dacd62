import type { Metadata } from "next";
import Link from "next/link";
import { currentMember } from "@/app/_session.ts";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { Snippet } from "@/app/_ui/parts/copy-button.tsx";
import { Section } from "@/app/_ui/parts/section.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { homeHref, llmsHref, skillHref } from "@/app/paths.ts";
import { agentSnippets } from "@/lib/agents/snippets.ts";
import { origin } from "@/lib/origin.ts";
import type { Tool } from "@/lib/wire/tools/tool.ts";
import { tools } from "@/lib/wire/tools/tools.ts";

export const metadata: Metadata = { title: "Agents" };

/** How an agent, or a person at a terminal, is connected to this server. */
export default async function AgentsPage() {
  await currentMember();
  const { add, json, install, start, skill } = agentSnippets(origin());
  return (
    <>
      <PageHeader title="Agents and the command line" />
      <Section
        title="A token"
        about="Whoever connects has a token of one project, and may what its scope allows: every tool asks the API as that token."
      >
        <p className="max-w-prose text-sm">
          Make one in the settings of{" "}
          <Link href={homeHref} className="underline">
            a project
          </Link>
          . Scope <Badge>ingest</Badge> logs, evaluates on validation and asks the referee, <Badge>read</Badge> only
          reads, and <Badge>submit</Badge> hands candidates in and learns one bit of each. None of these three learns a
          test number, whichever way it asks.
        </p>
      </Section>
      <Section
        title="Over HTTP"
        about="MCP as streamable HTTP, without sessions. The token goes in the Authorization header, and nowhere else."
      >
        <div className="grid gap-3 text-sm">
          <p>Claude Code, and what takes its commands:</p>
          <Snippet label="Copy the command" text={add} />
          <p>A file of MCP servers, which most clients read:</p>
          <Snippet label="Copy the file" text={json} />
        </div>
      </Section>
      <Section
        title="On its own machine"
        about="The command holdout comes from this server, as a stranger may have its name on npm. It is the same tools for a person, and the same MCP server over standard input and output."
      >
        <div className="grid gap-3 text-sm">
          <Snippet label="Copy the commands" text={install} />
          <p>As an MCP server, here or in a checkout of Holdout:</p>
          <Snippet label="Copy the commands" text={start} />
        </div>
      </Section>
      <Section
        title="The honest loop"
        about="How to improve a model without fooling oneself, in a page that an agent keeps. Its MCP client is told the same in short."
      >
        <div className="grid gap-3 text-sm">
          <Snippet label="Copy the command" text={skill} />
          <p className="flex flex-wrap gap-x-4 gap-y-1">
            <a href={skillHref} className="underline">
              Read it
            </a>
            <a href={llmsHref} className="underline">
              llms.txt
            </a>
          </p>
        </div>
      </Section>
      <Section
        title="Tools"
        about="What is read may hold words that others wrote. It comes as data that says so, and no client should follow it."
        wide
      >
        <ToolsTable />
      </Section>
    </>
  );
}

function ToolsTable() {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it sideways
    <section tabIndex={0} aria-label="Every tool" className="relative overflow-x-auto">
      <table className="table flush">
        <thead>
          <tr>
            <th>Tool</th>
            <th>What it does</th>
            <th>Scopes</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries<Tool>(tools).map(([name, { summary, scopes, reads }]) => (
            <tr key={name}>
              <td className="font-mono text-xs whitespace-nowrap">{name}</td>
              <td className="w-full min-w-60 py-2 whitespace-normal">{summary}</td>
              <td className="text-muted whitespace-nowrap">
                {scopes.join(", ")}
                {!reads && " · changes"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
