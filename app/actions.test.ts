/** Every server action is a door that anybody can knock at with anything: each parses what comes. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { newManifest } from "@/lib/manifests/test-manifest.ts";
import { newMember, newProject, newRun, prepareWorkspace, TEST_ORIGIN } from "@/lib/test-workspace.ts";
import type { Role } from "@/lib/wire/base/words.ts";

// what Next knows of the request that an action runs in
const request = vi.hoisted(() => ({ headers: new Headers() }));
vi.mock("next/headers", () => ({
  headers: async () => request.headers,
  cookies: async () => ({ set: () => {} }),
}));
vi.mock("next/cache", () => ({ refresh: () => {} }));
vi.mock("react", async (original) => ({ ...(await original<object>()), cache: (work: unknown) => work }));

prepareWorkspace();

type Action = (...given: unknown[]) => Promise<unknown>;
const files = (readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" }) as string[])
  .filter((file) => /\.tsx?$/.test(file))
  .filter((file) => /^"use server";/.test(readFileSync(path.join(import.meta.dirname, file), "utf8")))
  .sort();

const known = {} as { project: string; slug: string; run: string; manifest: string };
const cookies = {} as Record<Role, string>;

beforeAll(async () => {
  const project = await newProject();
  const manifest = await newManifest(project);
  const { run } = await newRun(project);
  Object.assign(known, { project: project.id, slug: project.slug, run: run.id, manifest: manifest.id });
  for (const role of ["viewer", "admin"] as const) cookies[role] = (await newMember(role)).cookie;
});

/** Where randomised tests run in full each known id stands before each odd thing, else one of them in turn. */
const isSlow = process.env.HOLDOUT_TEST_SLOW !== undefined;

/** Arguments of no sense, and of some: known ids first, so that what follows them is looked at too. */
function nonsense(): unknown[][] {
  const odd = [
    undefined,
    null,
    {},
    [],
    "",
    "x".repeat(100_000),
    "\0",
    0,
    Number.NaN,
    true,
    { ids: [{}] },
    { filter: 1 },
  ];
  const form = new FormData();
  for (const name of ["email", "role", "name", "project", "dataset", "scope"]) form.set(name, "\0");
  const firsts = [known.project, known.slug, known.run, known.manifest];
  return [
    [],
    ...odd.map((one) => [one, one, one, one]),
    ...firsts.flatMap((first, turn) =>
      odd.filter((_, at) => isSlow || at % firsts.length === turn).map((one) => [first, one, one, one]),
    ),
    ...firsts.map((first) => [first, known.manifest, {}, {}]),
    [{}, null, form],
    [known.project, null, form],
  ];
}

/** An admin comes farthest with it; the others are sent a third of it where not everything is drawn, each action another. */
const sentBy = (who: Role | "nobody", turn: number): unknown[][] =>
  nonsense().filter((_, at) => isSlow || who === "admin" || at % 3 === turn % 3);

/** A redirect is Next's way to say where to go on. */
const isRedirect = (error: unknown): boolean =>
  String((error as { digest?: unknown }).digest).startsWith("NEXT_REDIRECT");

describe.each(files)("%s", (file) => {
  test.each(["viewer", "admin", "nobody"] as const)("answers a %s who sends anything at all", async (who) => {
    request.headers = new Headers(who === "nobody" ? {} : { cookie: cookies[who], origin: TEST_ORIGIN });
    const actions = (await import(/* @vite-ignore */ path.join(import.meta.dirname, file))) as Record<string, Action>;
    const faults: string[] = [];
    for (const [turn, [name, action]] of Object.entries(actions).entries()) {
      // it would end the session that the others need
      if (name === "signOutAction") continue;
      for (const given of sentBy(who, turn))
        await action(...given).catch((error: unknown) => {
          if (isRedirect(error)) return;
          faults.push(`${name}(${JSON.stringify(given).slice(0, 120)}): ${String(error).slice(0, 200)}`);
        });
    }
    expect(faults).toEqual([]);
  });
});

test("every file of actions is asked", () => {
  expect(files).toContain(path.join("(workspace)", "projects", "[slug]", "_table", "state", "runs-actions.ts"));
});
