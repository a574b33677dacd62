import { expect, test } from "vitest";
import { answerOf } from "./answer.ts";
import { languageOf } from "./highlight.ts";
import { commitUrl, compareUrl } from "./repository.ts";
import { chooseVersions, codeVersions } from "./versions.ts";

const head = (name: string) => `diff --git a/${name} b/${name}\n--- a/${name}\n+++ b/${name}\n`;
const one = (patch: string, only: string | null = null) => answerOf({ kind: "one", patch, only });
/** Lines as text, each piece with its tone where it has one, and changed words in brackets. */
const written = (pieces: { text: string; tone: string; isChanged: boolean }[]) =>
  pieces.map(({ text, tone, isChanged }) => {
    const marked = isChanged ? `[${text}]` : text;
    return tone === "text" ? marked : `${tone}:${marked}`;
  });

test("words are told in the tones of their language, changed ones apart", async () => {
  const { files } = await one(
    `${head("train.py")}@@ -1,2 +1,2 @@\n def f(x):  # 学习\n-    return "a" + 1\n+    return "b" + 1\n`,
  );
  const [same, changed] = files[0]!.blocks![0]!.parts[0]!.rows;
  expect(same?.kind === "same" && written(same.line.pieces)).toEqual([
    "keyword:def",
    " ",
    "function:f",
    "(x):  ",
    "comment:# 学习",
  ]);
  expect(changed?.kind === "changed" && changed.to && written(changed.to.pieces)).toEqual([
    "    ",
    "keyword:return",
    " ",
    'string:"',
    "string:[b]",
    'string:"',
    " ",
    "keyword:+",
    " ",
    "constant:1",
  ]);
});

test.each([
  ["a/Dockerfile", "docker"],
  ["模型.PY", "python"],
  ["x.constructor", null],
  ["notes", null],
])("the language of %s is %s", (name, language) => expect(languageOf(name)).toBe(language));

test("a line holds what it holds: carriage returns, tabs, separators, a missing newline, and no markup", async () => {
  const text = "\tx = '<b>&amp;\u2028\r'\r";
  const { files } = await one(`${head("x.py")}@@ -0,0 +1 @@\n+${text}\n\\ No newline at end of file\n`);
  const row = files[0]!.blocks![0]!.parts[0]!.rows[0]!;
  expect(row.kind === "changed" && row.to).toMatchObject({ number: 1, isEndless: true, omitted: 0 });
  expect(row.kind === "changed" && row.to!.pieces.map((piece) => piece.text).join("")).toBe(text);
});

test("lines far from a difference are folded", async () => {
  const same = Array.from({ length: 20 }, (_, at) => ` line ${at}`).join("\n");
  const { files } = await one(`${head("a.txt")}@@ -1,22 +1,22 @@\n-1\n+2\n${same}\n-3\n+4\n`);
  const { parts } = files[0]!.blocks![0]!;
  expect(parts.map(({ isFolded, rows }) => [isFolded, rows.length])).toEqual([
    [false, 4],
    [true, 14],
    [false, 4],
  ]);
});

test("a large patch is shown as far as there is room, each file of it by itself", async () => {
  const lines = (sign: string, count: number) =>
    Array.from({ length: count }, (_, at) => `${sign}x = ${at}`).join("\n");
  const patch = ["a.py", "b.py", "c.py"].map((name) => `${head(name)}@@ -0,0 +1,400 @@\n${lines("+", 400)}\n`).join("");
  const all = await one(patch);
  expect(all.files.map(({ shownLines, lines }) => [shownLines, lines])).toEqual([
    [400, 400],
    [0, 400],
    [0, 400],
  ]);
  expect([all.added, all.removed]).toEqual([1200, 0]);
  const alone = await one(patch, "c.py");
  expect(alone.files.map(({ shownLines }) => shownLines)).toEqual([0, 0, 400]);
  const huge = await one(`${head("a.py")}@@ -0,0 +1,2000 @@\n${lines("+", 2000)}\n`);
  expect(huge.files.map(({ shownLines, lines }) => [shownLines, lines])).toEqual([[500, 2000]]);
  const long = await one(`${head("w.json")}@@ -0,0 +1 @@\n+${"x".repeat(1_500_000)}\n`);
  expect(long.files[0]!.blocks![0]!.parts[0]!.rows[0]).toMatchObject({ to: { omitted: 1_499_000 } });
});

test("commits are found on the pages of hosts that are known, and nowhere else", () => {
  const sha = "0123456789abcdef0123456789abcdef01234567";
  expect(commitUrl("git@github.com:ada/digits.git", sha)).toBe(`https://github.com/ada/digits/commit/${sha}`);
  expect(commitUrl("https://user@gitlab.example.org/a/b/c", sha)).toBe(
    `https://gitlab.example.org/a/b/c/-/commit/${sha}`,
  );
  expect(commitUrl("ssh://git@bitbucket.org:22/a/b.git", sha)).toBe(`https://bitbucket.org/a/b/commits/${sha}`);
  for (const repository of [
    "/srv/git/x.git",
    "https://example.org/a/b",
    "javascript:alert(1)//github.com/a/b",
    "https://github.com.evil.org/a/b",
    "https://github.com/a/../../b",
    "https://github.com/a/b?x=\u0022",
    "",
  ])
    expect(commitUrl(repository, sha), repository).toBeNull();
  expect(commitUrl("https://github.com/a/b", "main")).toBeNull();
  const from = { repository: "git@github.com:a/b.git", commit: "1111111" };
  expect(compareUrl(from, { repository: "https://github.com/a/b", commit: "2222222" })).toBe(
    "https://github.com/a/b/compare/1111111...2222222",
  );
  expect(compareUrl(from, { repository: "https://github.com/c/b", commit: "2222222" })).toBeNull();
});

test("runs of the same code are one version; the baseline is held against the first other", () => {
  const code = { repository: null, commit: "1111111", branch: null, dirty: false, command: "" };
  const run = (id: string, codeDigest: string | null, recipe: string | null = null) => ({
    id,
    name: id,
    code: codeDigest === null ? null : code,
    codeDigest,
    recipe,
  });
  const versions = codeVersions([run("1", "x", "r"), run("2", null), run("3", "y", "r"), run("4", "x")], "1");
  expect(versions.map(({ letter, runs, replicates }) => [letter, runs.map(({ id }) => id), replicates])).toEqual([
    ["A", ["1", "4"], []],
    ["B", ["2"], []],
    ["C", ["3"], ["3"]],
  ]);
  const chosen = (from: string, to: string) => {
    const pair = chooseVersions(versions, { from, to, baseline: "4" });
    return [pair.from.letter, pair.to.letter];
  };
  expect([chosen("", ""), chosen("3", ""), chosen("3", "3"), chosen("gone", "2")]).toEqual([
    ["A", "C"],
    ["C", "A"],
    ["C", "C"],
    ["A", "B"],
  ]);
  const many = codeVersions(
    Array.from({ length: 100 }, (_, at) => run(String(at), String(at))),
    "0",
  );
  expect([many[25]!.letter, many[26]!.letter, many[99]!.letter]).toEqual(["Z", "AA", "CV"]);
});
