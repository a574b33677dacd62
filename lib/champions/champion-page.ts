/** All that the page of a manifest's champion shows. */
import { inArray } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { claims } from "../../db/schema/champions.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { listManifests } from "../manifests/manifests.ts";
import type { ChampionComparison, Claim, Rule } from "../wire/champions.ts";
import type { Project } from "../wire/projects.ts";
import { type AliasMove, listMoves } from "./aliases.ts";
import { readComparison } from "./champion.ts";
import { championsOf, presentClaims, readChampion, readClaims } from "./history.ts";
import { listRules } from "./rules.ts";

export type ChampionPage = {
  manifest: { id: string; name: string };
  /** All of the project, those with claims first. */
  manifests: { id: string; name: string; isClaimed: boolean }[];
  /** The newest first. */
  claims: Claim[];
  champion: (Claim & { claimedByActor: string }) | null;
  comparison: ChampionComparison | null;
  moves: AliasMove[];
  rules: Rule[];
};

/** The page of a manifest; of none that is named, or that the project has, the chosen one, or the one that was claimed on last. Null: there is no manifest. */
export async function readChampionPage(
  actor: Actor,
  project: Project,
  named: string | undefined,
): Promise<ChampionPage | null> {
  authorise(actor, "champions.read", project.id);
  const [found, all] = await Promise.all([readClaims({ projectId: project.id }), listManifests(actor, project.id)]);
  const claimed = new Set(found.map(({ claim }) => claim.manifestId));
  const order = [...claimed].flatMap((id) => all.find((one) => one.id === id) ?? []);
  const manifests = [...order, ...all.filter(({ id }) => !claimed.has(id))];
  const wanted = named ?? project.chosenManifest;
  const manifest = manifests.find(({ id }) => id === wanted) ?? manifests[0];
  if (!manifest) return null;
  const own = found.filter(({ claim }) => claim.manifestId === manifest.id);
  const [standing] = championsOf(own);
  const place = { projectId: project.id, manifestId: manifest.id };
  const [history, comparison, moves, rules] = await Promise.all([
    presentClaims(actor, project.id, own),
    standing ? readComparison(actor, project.id, standing) : null,
    listMoves(actor, place),
    listRules(actor, place),
  ]);
  const champion = history.find(({ id }) => id === standing?.claim.id);
  return {
    manifest: { id: manifest.id, name: manifest.name },
    manifests: manifests.map(({ id, name }) => ({ id, name, isClaimed: claimed.has(id) })),
    claims: history,
    champion: champion && standing ? { ...champion, claimedByActor: standing.claim.claimedByActor } : null,
    comparison,
    moves,
    rules,
  };
}

/** A champion by the names of its run and manifest. */
export type ChampionName = { run: string; name: string; manifest: string; manifestName: string };

/** The champions of a project, the newest claim first. */
export async function listChampions(actor: Actor, project: Project): Promise<ChampionName[]> {
  authorise(actor, "champions.read", project.id);
  const champions = championsOf(await readClaims({ projectId: project.id }));
  if (champions.length === 0) return [];
  const [presented, manifests] = await Promise.all([
    presentClaims(actor, project.id, champions),
    listManifests(actor, project.id),
  ]);
  return presented.map(({ run, manifest }) => ({
    run: run.id,
    name: run.name,
    manifest,
    manifestName: manifests.find(({ id }) => id === manifest)?.name ?? manifest.slice(0, 12),
  }));
}

/** Which of these runs, whichever their projects, are champions now. */
export async function findChampionRuns(actor: Actor, runIds: string[]): Promise<string[]> {
  authorise(actor, "champions.read");
  const claimed = await connections()
    .db.selectDistinct({ projectId: claims.projectId, manifestId: claims.manifestId })
    .from(claims)
    .where(inArray(claims.runId, runIds));
  const champions = await Promise.all(claimed.map(readChampion));
  return champions.flatMap((one) => (one && runIds.includes(one.claim.runId) ? [one.claim.runId] : []));
}
