/** The champion of a manifest as programs and pages ask for it. */
import { z } from "zod";
import type { Actor } from "../access/actor.ts";
import { authorise, can } from "../access/permissions.ts";
import { listArtifacts } from "../artifacts/artifacts.ts";
import { sightOf } from "../evaluations/sight.ts";
import { findManifest } from "../manifests/manifests.ts";
import { origin } from "../origin.ts";
import { ProblemError, parse } from "../problem.ts";
import { requireProject } from "../projects/projects.ts";
import { sha256 } from "../wire/base/words.ts";
import type { Champion, ChampionComparison } from "../wire/champions.ts";
import type { MetricName } from "../wire/evaluations/metrics.ts";
import type { Project } from "../wire/projects.ts";
import { aliasesOf, listMoves } from "./aliases.ts";
import { compareReported } from "./comparison.ts";
import { readReported } from "./evidence.ts";
import { championsOf, presentClaims, readClaims, type StandingClaim } from "./history.ts";

const askedSchema = z.object({ manifest: sha256.optional(), alias: z.string().max(63).optional() });

/**
 * The claim that is asked for: the champion of the manifest, or what its alias points to. Without a manifest that of the
 * project's chosen one, or of the one manifest that has a champion; throws `conflict` with the list where several have, `not-found` where none has.
 */
export async function requireChampion(
  actor: Actor,
  projectNamed: string,
  query: unknown,
): Promise<{ project: Project; standing: StandingClaim }> {
  const { manifest: named, alias } = parse(askedSchema, query);
  const project = await requireProject(actor, projectNamed);
  const manifest = named ?? project.chosenManifest ?? undefined;
  authorise(actor, "champions.read", project.id);
  const found = await readClaims({ projectId: project.id, manifestId: manifest });
  const champions = championsOf(found);
  if (champions.length > 1 && manifest === undefined) throw await whichManifest(project, champions);
  const [champion] = champions;
  const standing = alias === undefined ? champion : await findAliased(actor, project, { alias, found });
  if (!standing) {
    const what = alias === undefined ? "champion" : `alias ${JSON.stringify(alias)}`;
    throw new ProblemError("not-found", `${project.name} has no ${what}${manifest ? ` on manifest ${manifest}` : ""}`);
  }
  return { project, standing };
}

async function findAliased(
  actor: Actor,
  { id: projectId }: Project,
  { alias, found }: { alias: string; found: StandingClaim[] },
): Promise<StandingClaim | undefined> {
  for (const manifestId of new Set(found.map(({ claim }) => claim.manifestId))) {
    const target = aliasesOf(await listMoves(actor, { projectId, manifestId })).get(alias);
    const standing = found.find(({ claim }) => claim.id === target);
    if (standing) return standing;
  }
  return undefined;
}

async function whichManifest(project: Project, champions: StandingClaim[]): Promise<ProblemError> {
  const ids = champions.map(({ claim }) => claim.manifestId);
  const names = await Promise.all(ids.map(async (id) => `${id} (${(await findManifest(project, id))?.name})`));
  const errors = names.map((detail) => ({ field: "manifest", detail }));
  const detail = `manifest: ${ids.length} manifests have a champion; name one of them: ${names.join(", ")}`;
  return new ProblemError("conflict", detail, errors);
}

/** How the claimed run compares with the champion before; null where nothing is to compare, or the actor may not see it. */
export async function readComparison(
  actor: Actor,
  projectId: string,
  { claim, rule }: StandingClaim,
): Promise<ChampionComparison | null> {
  if (claim.comparedWith === null) return null;
  const reported = await readReported(projectId, [claim.evidence[0]!, claim.comparedWith]);
  const [one, other] = [reported.get(claim.evidence[0]!), reported.get(claim.comparedWith)];
  if (!one || !other) return null;
  for (const { evaluation } of [one, other]) if ((await sightOf(actor, evaluation)) !== "report") return null;
  return compareReported(rule.metric as MetricName, one, other);
}

/** The champion with evidence, files and aliases: what the API answers. */
export async function getChampion(actor: Actor, projectNamed: string, query: unknown): Promise<Champion> {
  const { project, standing } = await requireChampion(actor, projectNamed, query);
  const { manifestId, runId, id } = standing.claim;
  const [claims, manifest, moves, comparison, files] = await Promise.all([
    presentClaims(actor, project.id, [standing]),
    findManifest(project, manifestId),
    listMoves(actor, { projectId: project.id, manifestId }),
    readComparison(actor, project.id, standing),
    can(actor, "runs.read") ? listArtifacts(actor, runId) : [],
  ]);
  const base = `${origin()}/api/v1/runs/${runId}/artifacts`;
  return {
    project: project.slug,
    manifest: { id: manifestId, name: manifest?.name ?? "" },
    claim: claims[0]!,
    comparison,
    aliases: [...aliasesOf(moves)].filter(([, claim]) => claim === id).map(([alias]) => alias),
    files: files.map(({ path, sha256, sizeBytes }) => ({
      path,
      sha256,
      sizeBytes,
      url: `${base}/${path.split("/").map(encodeURIComponent).join("/")}`,
    })),
    url: `${origin()}/projects/${encodeURIComponent(project.slug)}/champion`,
  };
}
