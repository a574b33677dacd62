import Link from "next/link";
import { manifestHref, projectHref, reviewHref, runHref, studyHref } from "@/app/paths.ts";
import type { NamedAuditRow } from "@/lib/settings/audit-page.ts";

type AuditTableRowProps = {
  row: NamedAuditRow;
  /** Whether somebody else on the page has the same name. */
  isNamesake: boolean;
  /** The address of the acts of who did this alone. */
  ofActor: string;
};

export function AuditTableRow({ row, isNamesake, ofActor }: AuditTableRowProps) {
  const { at, actor, actorName, actorEmail, action, project } = row;
  const detail = detailWords(row);
  return (
    <tr>
      <td className="text-muted">
        <time dateTime={at}>{at.slice(0, 19).replace("T", " ")}</time>
      </td>
      <td title={actorEmail === null ? actor : `${actorEmail} (${actor})`} className="max-w-48 truncate">
        <Link prefetch={false} href={ofActor} className="hover:underline">
          {actorName}
        </Link>
        {isNamesake && <span className="text-muted"> {actorEmail ?? actor}</span>}
        {actor.startsWith("token:") && <span className="text-muted"> (token)</span>}
      </td>
      <td className="font-medium">{action}</td>
      <td className="max-w-72 truncate">
        <Subject row={row} />
      </td>
      <td className="max-w-48 truncate">
        {project?.slug ? (
          <Link prefetch={false} href={projectHref(project.slug)} className="hover:underline">
            {project.name}
          </Link>
        ) : (
          <span className="text-muted">{project?.name}</span>
        )}
      </td>
      <td className="w-full max-w-0 min-w-60 truncate font-mono text-xs text-muted" title={detail}>
        {detail}
      </td>
    </tr>
  );
}

/** What was acted on by its name, and by its id on hover; what is gone by the name that the act noted. */
function Subject({ row: { kind, subject, named, detail } }: { row: NamedAuditRow }) {
  const id = subject.slice(kind.length + 1);
  const noted = typeof detail.name === "string" ? detail.name : null;
  const name = named?.name ?? noted ?? `${id.slice(0, 8)}…`;
  const href = named?.slug ? hrefOf(kind, named.slug, named.number ?? id) : null;
  return (
    <span title={subject}>
      <span className="text-muted">{kind}</span>{" "}
      {href ? (
        <Link prefetch={false} href={href} className="hover:underline">
          {name}
        </Link>
      ) : (
        name
      )}
    </span>
  );
}

/** `id`: of a kind that has numbers in its project, the number. */
function hrefOf(kind: string, slug: string, id: string | number): string | null {
  if (typeof id === "number") return kind === "study" ? studyHref(slug, id) : reviewHref(slug, id);
  if (kind === "run") return runHref(slug, id);
  if (kind === "project") return projectHref(slug);
  return kind === "manifest" ? manifestHref(slug, id) : null;
}

/** What became of what, and the rest without ids and the name, which stand beside it. */
function detailWords({ detail: { from, to, ...detail }, named }: NamedAuditRow): string {
  const rest = Object.entries(detail)
    .filter(([key, value]) => key !== "ids" && !(key === "name" && value === named?.name))
    .map(([key, value]) => `${key}: ${textOf(value)}`);
  return [...changeWords(from, to), ...rest].join(", ");
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const fieldsOf = (value: unknown) => (isFields(value) ? value : value === null ? {} : undefined);

function changeWords(from: unknown, to: unknown): string[] {
  if (from === undefined && to === undefined) return [];
  // what comes into being, or goes, was or is nothing in each field
  const [before, after] = [fieldsOf(from), fieldsOf(to)];
  if (!before || !after || (from === null && to === null)) return [`${textOf(from)} → ${textOf(to)}`];
  return Object.keys({ ...before, ...after }).map(
    (name) => `${name}: ${textOf(before[name])} → ${textOf(after[name])}`,
  );
}

/** Nothing is `none`: an empty text looks like a gap. */
function textOf(value: unknown): string {
  if (value === null || value === undefined || value === "") return "none";
  return typeof value === "string" ? value : JSON.stringify(value);
}
