/** Saved views: states of a project's pages under a name or behind a short link, each the query string of its address. */
import { and, asc, eq, isNull, or } from "drizzle-orm";
import { v5 as uuidv5, v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { connections } from "../../db/connection.ts";
import { users } from "../../db/schema/people.ts";
import { savedViews } from "../../db/schema/runs.ts";
import type { Actor, MemberActor } from "../access/actor.ts";
import { changeOf, recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { asProblem, ProblemError, parse } from "../problem.ts";

/** The page that a view is a state of. */
export type ViewPage = (typeof savedViews.$inferSelect)["page"];
export type SavedView = {
  id: string;
  name: string;
  /** Without `?`. */
  query: string;
  /** Every member sees it; else its maker alone. */
  isShared: boolean;
  isMine: boolean;
  /** Name of its maker. */
  owner: string;
};

/** Of one member in one project, of all pages. */
const VIEWS_MAX = 200;
/** Short links of a project, which are kept for ever. */
const LINKS_MAX = 50_000;
const name = z.string().trim().min(1, "a view needs a name").max(100);
const query = z.string().max(8000, "the view's address is too long: it has more than 8,000 characters");
const page = z.enum(savedViews.page.enumValues);
const viewSchema = z.strictObject({ page: page.default("runs"), name, query, isShared: z.boolean().default(false) });
const linkSchema = z.strictObject({ page, query });
const changeSchema = z.strictObject({ name, query, isShared: z.boolean() }).partial();

/** The member's own views of a page and those that are shared, by name, at most 1,000. */
export async function listViews(
  actor: MemberActor,
  projectId: string,
  ofPage: ViewPage = "runs",
): Promise<SavedView[]> {
  authorise(actor, "runs.read", projectId);
  const rows = await connections()
    .db.select({ view: savedViews, owner: users.name })
    .from(savedViews)
    .innerJoin(users, eq(users.id, savedViews.userId))
    .where(
      and(
        eq(savedViews.projectId, projectId),
        eq(savedViews.page, ofPage),
        or(savedViews.shared, eq(savedViews.userId, actor.id)),
      ),
    )
    .orderBy(asc(savedViews.name), asc(savedViews.id))
    .limit(1000);
  return rows.map(({ view, owner }) => toView(view, owner, actor));
}

/** Saves a view of the member's. Throws `conflict` where they have one of that name in the project. */
export async function createView(actor: MemberActor, projectId: string, input: unknown): Promise<SavedView> {
  const given = parse(viewSchema, input);
  authorise(actor, given.isShared ? "views.share" : "views.save", projectId);
  return storing(given.name, () =>
    connections().db.transaction(async (tx) => {
      const mine = and(eq(savedViews.projectId, projectId), eq(savedViews.userId, actor.id));
      if ((await tx.$count(savedViews, mine)) >= VIEWS_MAX)
        throw new ProblemError("conflict", `there are ${VIEWS_MAX} views of yours in this project; delete one first`);
      const { isShared: shared, ...rest } = given;
      const values = { id: uuidv7(), projectId, userId: actor.id, shared, ...rest };
      const [created] = await tx.insert(savedViews).values(values).returning();
      if (shared) await record(tx, actor, "view.share", created!);
      return toView(created!, actor.name, actor);
    }),
  );
}

/** The namespace of links' ids: RFC 9562's for addresses. */
const LINKS = uuidv5.URL;

/** A short link to a state of a page, which every member may follow: the same state has the same link. Returns its id. */
export async function createLink(actor: MemberActor, projectId: string, input: unknown): Promise<string> {
  const given = parse(linkSchema, input);
  authorise(actor, "runs.read", projectId);
  const id = uuidv5(`${projectId}/${given.page}?${given.query}`, LINKS);
  return connections().db.transaction(async (tx) => {
    if ((await tx.$count(savedViews, eq(savedViews.id, id))) > 0) return id;
    const links = and(eq(savedViews.projectId, projectId), isNull(savedViews.name));
    if ((await tx.$count(savedViews, links)) >= LINKS_MAX)
      throw new ProblemError("conflict", `the project has ${LINKS_MAX} short links, as many as it may; save a view`);
    const values = { id, projectId, userId: null, shared: true, name: null, ...given };
    await tx.insert(savedViews).values(values).onConflictDoNothing();
    return id;
  });
}

/** The state behind a short link or a view that the member may see; null where there is none of the page in the project. */
export async function findView(
  actor: MemberActor,
  projectId: string,
  { page: ofPage, id }: { page: ViewPage; id: string },
): Promise<{ name: string | null; query: string } | null> {
  authorise(actor, "runs.read", projectId);
  if (!z.uuid().safeParse(id).success) return null;
  const [found] = await connections()
    .db.select({ name: savedViews.name, query: savedViews.query })
    .from(savedViews)
    .where(
      and(
        eq(savedViews.id, id),
        eq(savedViews.projectId, projectId),
        eq(savedViews.page, ofPage),
        or(savedViews.shared, eq(savedViews.userId, actor.id)),
      ),
    );
  return found ?? null;
}

/** Renames a view, shares it or not, or gives it another state. Its maker may, and for a shared one an admin. */
export async function updateView(actor: MemberActor, viewId: string, input: unknown): Promise<SavedView> {
  const change = parse(changeSchema, input);
  return storing(change.name ?? "", () =>
    connections().db.transaction(async (tx) => {
      const { view, owner } = await requireOwn(tx, actor, viewId);
      if (change.isShared ?? view.shared) authorise(actor, "views.share", view.projectId);
      const { isShared: shared = view.shared, name: named = view.name, query: state = view.query } = change;
      const set = { shared, name: named, query: state };
      const [changed] = await tx.update(savedViews).set(set).where(eq(savedViews.id, viewId)).returning();
      if (view.shared || shared) {
        const { from, to } = changeOf(view, set);
        const subject = `view:${view.id}`;
        const detail = { name: changed!.name, from, to };
        await recordAct(tx, actor, { action: "view.update", subject, projectId: view.projectId, detail });
      }
      return toView(changed!, owner, actor);
    }),
  );
}

/** Deletes a view. What was deleted is returned: `createView` makes it again. */
export async function deleteView(actor: MemberActor, viewId: string): Promise<SavedView> {
  return connections().db.transaction(async (tx) => {
    const { view, owner } = await requireOwn(tx, actor, viewId);
    await tx.delete(savedViews).where(eq(savedViews.id, viewId));
    if (view.shared) await record(tx, actor, "view.delete", view);
    return toView(view, owner, actor);
  });
}

type ViewRow = typeof savedViews.$inferSelect;
type Transaction = Parameters<typeof recordAct>[0];

/** Throws `not-found` for a view that the member can't see, `forbidden` for a shared one of somebody else. */
async function requireOwn(tx: Transaction, actor: MemberActor, id: string): Promise<{ view: ViewRow; owner: string }> {
  authorise(actor, "views.save");
  const seen = or(savedViews.shared, eq(savedViews.userId, actor.id));
  const [found] = z.uuid().safeParse(id).success
    ? await tx
        .select({ view: savedViews, owner: users.name })
        .from(savedViews)
        .innerJoin(users, eq(users.id, savedViews.userId))
        .where(and(eq(savedViews.id, id), seen))
        .for("update", { of: savedViews })
    : [];
  if (!found) throw new ProblemError("not-found", "there is no such view that you may see");
  authorise(actor, "views.save", found.view.projectId);
  if (found.view.userId !== actor.id && actor.role !== "admin")
    throw new ProblemError("forbidden", `this view is ${found.owner}'s; they or an admin can change it`);
  return found;
}

/** A personal view is nobody else's business; a shared one leaves an audit row. */
const record = (tx: Transaction, actor: Actor, action: string, { id, projectId, name: named, query: state }: ViewRow) =>
  recordAct(tx, actor, { action, subject: `view:${id}`, projectId, detail: { name: named, query: state } });

/** Of a view that is somebody's. */
const toView = (view: ViewRow, owner: string, actor: MemberActor): SavedView => ({
  id: view.id,
  name: view.name ?? "",
  query: view.query,
  isShared: view.shared,
  isMine: view.userId === actor.id,
  owner,
});

/** A name that the member has already, as a `conflict` that says so. */
async function storing<T>(named: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (asProblem(error) || (error as { cause?: { code?: unknown } }).cause?.code !== "23505") throw error;
    const detail = `you have a view ${JSON.stringify(named)} in this project already; give it another name`;
    throw new ProblemError("conflict", detail, [{ field: "name", detail }], { cause: error });
  }
}
