import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { root } from "../db/root.ts";

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter(Boolean);
const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { scripts: object };
const named = files.flatMap((file) => {
  const text = readFileSync(path.join(root, file), "utf8");
  const paths = [
    ...text.matchAll(
      /(?:^|[\s`(])((?:app|lib|db|drizzle|trainer|e2e|bin|bench|servers|deploy|docs|\.ci)\/[\w./[\]()-]*[\w\]])/gm,
    ),
  ];
  const runs = [...text.matchAll(/npm run ([\w:-]+)/g)];
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)\s]+)\)/g)];
  return [
    ...[...paths, ...links].map(([, name]) => ({ file, kind: "path", name: name! })),
    ...runs.map(([, name]) => ({ file, kind: "script", name: name! })),
  ];
});

test.each(named)("$file names the $kind $name, which exists", ({ kind, name }) => {
  if (kind === "path") expect(existsSync(path.join(root, name))).toBe(true);
  else expect(Object.keys(scripts)).toContain(name);
});

test("every script and every dependency of package.json is in the README", () => {
  const readme = readFileSync(path.join(root, "README.md"), "utf8");
  const packages = ["package.json", "trainer/package.json"].flatMap((file) => {
    const {
      dependencies = {},
      devDependencies = {},
      optionalDependencies = {},
    } = JSON.parse(readFileSync(path.join(root, file), "utf8")) as Record<string, Record<string, string>>;
    return Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
  });
  const missing = [...packages, ...Object.keys(scripts)].filter(
    (name) => !readme.includes(name.replace(/^@types\/.*/, "@types")),
  );
  expect(missing).toEqual([]);
});
