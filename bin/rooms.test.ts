/** The plan of the house: which room imports which, and that nobody goes in circles. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { root } from "../db/root.ts";

/** Folders whose rooms may not import one another in a circle. */
const houses = ["lib", "app/_ui", "trainer/src", "bin", "bench", "servers", "db"];
const FILES_MAX = 20;

const sources = ["app", "lib", "db", "trainer/src", "bin", "bench", "servers", "e2e"].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mjs)$/.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes("node_modules")),
);
const isTest = (file: string) => /\.(test|spec)\.tsx?$/.test(file) || path.basename(file).startsWith("test-");

/** The files that `file` imports, among `sources`. */
function importsOf(file: string): string[] {
  const text = readFileSync(path.join(root, file), "utf8");
  const specifiers = [...text.matchAll(/\b(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, specifier]) => specifier!);
  return specifiers.flatMap((specifier) => {
    if (!/^(\.|@\/)/.test(specifier)) return [];
    const place = specifier.startsWith("@/") ? specifier.slice(2) : path.join(path.dirname(file), specifier);
    return ["", ".ts", ".tsx"].map((ending) => place + ending).filter((one) => sources.includes(one));
  });
}

/** By room of `house` (a folder, or a file that stands in none), the rooms that it imports. Tests stand outside. */
function roomsOf(house: string): Map<string, Set<string>> {
  const rooms = new Map<string, Set<string>>();
  const roomOf = (file: string) => {
    const within = path.relative(house, file);
    return within.startsWith("..") ? null : path.dirname(within) === "." ? within : path.dirname(within);
  };
  for (const file of sources.filter((one) => !isTest(one))) {
    const room = roomOf(file);
    if (room === null) continue;
    const known = rooms.get(room) ?? new Set();
    rooms.set(room, known);
    for (const imported of importsOf(file)) {
      const other = roomOf(imported);
      if (other !== null && other !== room) known.add(other);
    }
  }
  return rooms;
}

/** The first circle that a walk from any room finds; empty: there is none. */
function circleIn(rooms: Map<string, Set<string>>): string[] {
  const done = new Set<string>();
  const walk = (room: string, way: string[]): string[] => {
    if (way.includes(room)) return [...way.slice(way.indexOf(room)), room];
    if (done.has(room)) return [];
    for (const next of rooms.get(room) ?? []) {
      const circle = walk(next, [...way, room]);
      if (circle.length > 0) return circle;
    }
    done.add(room);
    return [];
  };
  for (const room of rooms.keys()) {
    const circle = walk(room, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

test("a circle is found where there is one", () => {
  const rooms = new Map([
    ["a", new Set(["b"])],
    ["b", new Set(["c"])],
    ["c", new Set(["b"])],
  ]);
  expect(circleIn(rooms)).toEqual(["b", "c", "b"]);
});

test.each(houses)("no rooms of %s import one another in a circle", (house) => {
  const rooms = roomsOf(house);
  expect(rooms.size).toBeGreaterThan(3);
  expect(circleIn(rooms).join(" → ")).toBe("");
});

test("every room of lib and of app/_ui has its floor held by lint", () => {
  const { overrides } = JSON.parse(readFileSync(path.join(root, "biome.json"), "utf8")) as {
    overrides: { includes: string[] }[];
  };
  const held = overrides.flatMap(({ includes }) => includes);
  // nobody imports the reference cases but their command
  const rooms = [...new Set(sources.map((file) => /^(lib|app\/_ui)\/[^/]+(?=\/)/.exec(file)?.[0]))].filter(
    (room) => room !== undefined && room !== "lib/reference",
  );
  expect(rooms).toContain("app/_ui/parts");
  expect(rooms.filter((room) => !held.includes(`${room}/**`))).toEqual([]);
});

test(`no folder holds more than ${FILES_MAX} source files`, () => {
  const counts = new Map<string, number>();
  for (const file of sources.filter((one) => !isTest(one)))
    counts.set(path.dirname(file), (counts.get(path.dirname(file)) ?? 0) + 1);
  expect([...counts].filter(([, count]) => count > FILES_MAX)).toEqual([]);
});
