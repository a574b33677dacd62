import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NO_NEWLINE, type PatchFile, parsePatch } from "./patch.ts";

const onlyFile = (text: string): PatchFile => {
  const { files } = parsePatch(text);
  expect(files).toHaveLength(1);
  return files[0]!;
};

test("lines, numbers, digests and missing newlines are read as git writes them", () => {
  const file = onlyFile(
    `diff --git a/train.py b/train.py
index 1111111..2222222 100644
--- a/train.py
+++ b/train.py
@@ -3,3 +3,4 @@ def main():
 model = Net()
-lr = 1e-3
+lr = 3e-3
+--- a line that looks like a header
 
@@ -20 +21 @@
-last
\\ No newline at end of file
+last
`,
  );
  expect(file).toMatchObject({ from: "train.py", to: "train.py", blobs: { from: "1111111", to: "2222222" } });
  expect(file.hunks).toEqual([
    {
      from: 3,
      to: 3,
      lines: [
        { kind: "same", text: "model = Net()" },
        { kind: "removed", text: "lr = 1e-3" },
        { kind: "added", text: "lr = 3e-3" },
        { kind: "added", text: "--- a line that looks like a header" },
        { kind: "same", text: "" },
      ],
    },
    {
      from: 20,
      to: 21,
      lines: [
        { kind: "removed", text: `last${NO_NEWLINE}` },
        { kind: "added", text: "last" },
      ],
    },
  ]);
  expect([file.damaged, file.isCut]).toEqual([[], false]);
});

test.each([
  [
    "another alphabet, as git quotes it",
    `"a/\\346\\250\\241\\345\\236\\213.py" "b/\\346\\250\\241\\345\\236\\213.py"`,
    "模型.py",
  ],
  ["another alphabet, as it is", "a/модель.py b/модель.py", "модель.py"],
  ["blanks", "a/my model b/x.py b/my model b/x.py", "my model b/x.py"],
  ["quotes, a tab and a backslash", `"a/a \\"b\\"\\t\\\\.py" "b/a \\"b\\"\\t\\\\.py"`, 'a "b"\t\\.py'],
  ["other prefixes", "c/lib/x.py w/lib/x.py", "lib/x.py"],
  ["no prefixes", "a/lib/x.py a/lib/x.py", "a/lib/x.py"],
])("a name with %s is read from the header alone", (_, names, name) => {
  const file = onlyFile(`diff --git ${names}\nold mode 100644\nnew mode 100755\n`);
  expect(file).toMatchObject({ from: name, to: name, modes: { from: "100644", to: "100755" } });
});

describe("kinds of files", () => {
  test("new, deleted, renamed and binary ones are told apart, and what follows them is read", () => {
    const { files, loose } = parsePatch(
      [
        "diff --git a/new.py b/new.py\nnew file mode 100644\nindex 0000000..3333333\n--- /dev/null\n+++ b/new.py\n@@ -0,0 +1 @@\n+x",
        "diff --git a/old.py b/old.py\ndeleted file mode 100644\nindex 3333333..0000000\n--- a/old.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x",
        "diff --git a/a b/c\nsimilarity index 100%\nrename from a\nrename to c",
        "diff --git a/w.bin b/w.bin\nindex 1234567..7654321 100644\nBinary files a/w.bin and b/w.bin differ",
        "diff --git a/i.png b/i.png\nindex 1234567..7654321 100644\nGIT binary patch\nliteral 5\nMc${NkU|;|M\n\nliteral 0\nHcmV?d00001\n",
        "diff --git a/z b/z\n--- a/z\n+++ b/z\n@@ -1 +1 @@\n-1\n+2",
        "",
      ].join("\n"),
    );
    expect(files.map(({ from, to, isBinary, hunks }) => [from, to, isBinary, hunks.length])).toEqual([
      [null, "new.py", false, 1],
      ["old.py", null, false, 1],
      ["a", "c", false, 0],
      ["w.bin", "w.bin", true, 0],
      ["i.png", "i.png", true, 0],
      ["z", "z", false, 1],
    ]);
    expect(loose).toEqual([]);
  });

  test("a patch that git didn't write has names and times", () => {
    const file = onlyFile("--- old/a b.py\t2026-01-01 10:00:00\n+++ new/a b.py\t2026-01-02\n@@ -1 +1 @@\n-1\n+2\n");
    expect(file).toMatchObject({ from: "old/a b.py", to: "new/a b.py", blobs: null });
  });
});

describe("damage", () => {
  const head = "diff --git a/x b/x\n--- a/x\n+++ b/x\n";

  test("a hunk that holds something else is damaged from there on, and the next file is read again", () => {
    const { files } = parsePatch(
      `${head}@@ -1,3 +1,3 @@\n-1\n+2\n?? what\n 3\n${head.replaceAll("x", "y")}@@ -1 +1 @@\n-1\n+2\n`,
    );
    expect(files.map(({ to, damaged }) => [to, damaged])).toEqual([
      ["x", ["?? what", " 3"]],
      ["y", []],
    ]);
    expect(files[0]!.hunks[0]!.lines).toHaveLength(2);
  });

  test("a patch that the trainer cut ends short, and its note belongs to no file", () => {
    const { files, loose } = parsePatch(
      `${head}@@ -1,9 +1,9 @@\n-1\n+2\n[cut: 3000000 bytes in all, the first 1000000 are kept]\n`,
    );
    expect(files[0]).toMatchObject({ isCut: true, damaged: [] });
    expect(loose).toEqual(["[cut: 3000000 bytes in all, the first 1000000 are kept]"]);
  });

  test("text that is no patch is kept as it came", () => {
    expect(parsePatch("fatal: not a repository\n\nreally\n")).toEqual({
      files: [],
      loose: ["fatal: not a repository", "", "really"],
    });
    expect(parsePatch("")).toEqual({ files: [], loose: [] });
  });

  test("no line is lost or made up, whatever comes", () => {
    const piece = fc.constantFrom(
      "diff --git a/x b/x",
      'diff --git "a/\\303" b/',
      "diff --git ",
      "--- a/x",
      "+++ b/x",
      "@@ -1,2 +1,2 @@",
      "@@ -0,0 +1 @@",
      "@@ -9999999999999999 +1 @@",
      "-a",
      "+b",
      " c",
      "",
      "\\ No newline at end of file",
      "GIT binary patch",
      "index 1..2",
      "\ufeff\u2028\r",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string())), (lines) => {
        const { files, loose } = parsePatch(lines.join("\n"));
        const held = files.reduce(
          (sum, file) => sum + file.damaged.length + file.hunks.reduce((all, hunk) => all + hunk.lines.length, 0),
          loose.length,
        );
        expect(held).toBeLessThanOrEqual(lines.join("\n").split("\n").length);
      }),
    );
  });
});
