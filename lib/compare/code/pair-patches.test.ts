import { createTwoFilesPatch } from "diff";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type FileDifference, pairPatches } from "./pair-patches.ts";
import { NO_NEWLINE, parsePatch } from "./patch.ts";
import { rowsOf } from "./rows.ts";

/** As git writes it; lines end with a newline unless `text` says otherwise. */
function patchOf(name: string, from: string, to: string, context = 3): string {
  if (from === to) return "";
  const [, ...lines] = createTwoFilesPatch(`a/${name}`, `b/${name}`, from, to, undefined, undefined, { context }).split(
    "\n",
  );
  return `diff --git a/${name} b/${name}\n${lines.join("\n")}`;
}

const linesOf = (text: string): string[] => {
  const lines = text.split("\n");
  const last = lines.pop()!;
  return last === "" ? lines : [...lines, last + NO_NEWLINE];
};

/** The other version, from one and the rows between them. */
function applied(lines: string[], { blocks }: FileDifference): string[] {
  const made: string[] = [];
  let next = 1;
  for (const block of blocks) {
    made.push(...lines.slice(next - 1, block.from - 1));
    next = block.from;
    expect(made.length + 1).toBe(block.to);
    for (const row of rowsOf(block)) {
      if (row.kind === "same" || row.from) {
        const text = row.kind === "same" ? row.text : row.from!.text;
        expect([next, lines[next - 1]]).toEqual([row.kind === "same" ? row.from : row.from!.number, text]);
        next++;
      }
      if (row.kind === "same") made.push(row.text);
      else if (row.to) {
        expect(row.to.number).toBe(made.length + 1);
        made.push(row.to.text);
      }
    }
  }
  return [...made, ...lines.slice(next - 1)];
}

const between = (base: string, own: string, other: string, context = 3) =>
  pairPatches(
    parsePatch(patchOf("train.py", base, own, context)),
    parsePatch(patchOf("train.py", base, other, context)),
    true,
  );

test("what differs between two versions follows from their patches alone", () => {
  const base = Array.from({ length: 40 }, (_, at) => `line ${at}\n`).join("");
  const own = base.replace("line 5\n", "lr = 1\n").replace("line 30\n", "only own\n");
  const other = base.replace("line 5\n", "lr = 2\nextra\n");
  const { files, alike } = between(base, own, other);
  expect([files.length, alike]).toEqual([1, 0]);
  const rows = files[0]!.blocks.flatMap((block) => [...rowsOf(block)]).filter(({ kind }) => kind === "changed");
  expect(rows).toEqual([
    {
      kind: "changed",
      from: { number: 6, text: "lr = 1", changed: [[5, 6]] },
      to: { number: 6, text: "lr = 2", changed: [[5, 6]] },
    },
    { kind: "changed", from: null, to: { number: 7, text: "extra", changed: [] } },
    {
      kind: "changed",
      from: { number: 31, text: "only own", changed: [] },
      to: { number: 32, text: "line 30", changed: [] },
    },
  ]);
});

test("any two versions of any file are told apart to the line, and one becomes the other", () => {
  const line = fc.constantFrom("a", "b", "c", "", "lr = 1", "lr = 2", "  x\r", "学习率 = 1");
  const text = fc.tuple(fc.array(line, { maxLength: 25 }), fc.boolean()).map(([lines, isEndless]) => {
    const joined = lines.map((one) => `${one}\n`).join("");
    return isEndless && !joined.endsWith("\n\n") ? joined.replace(/\n$/, "") : joined;
  });
  fc.assert(
    fc.property(text, text, text, fc.nat({ max: 4 }), (base, own, other, context) => {
      const { files } = between(base, own, other, context);
      expect(files.map(({ sides }) => sides)).toEqual(own === other ? [] : ["versions"]);
      if (files[0]) expect(applied(linesOf(own), files[0])).toEqual(linesOf(other));
    }),
    { numRuns: 400 },
  );
});

describe("files of one side", () => {
  const added =
    "diff --git a/n.py b/n.py\nnew file mode 100644\nindex 0000000..1111111\n--- /dev/null\n+++ b/n.py\n@@ -0,0 +1,2 @@\n+1\n+2\n";

  test("a file that only one made is new, or gone", () => {
    const forward = pairPatches(parsePatch(""), parsePatch(added), true).files;
    expect(forward).toMatchObject([{ from: null, to: "n.py", sides: "versions" }]);
    expect(pairPatches(parsePatch(added), parsePatch(""), true).files).toMatchObject([{ from: "n.py", to: null }]);
  });

  test("alike files are counted, by git's digests also where a secret was taken out of one", () => {
    expect(pairPatches(parsePatch(added), parsePatch(added), true)).toMatchObject({ files: [], alike: 1 });
    expect(pairPatches(parsePatch(added), parsePatch(added.replace("+2", "+[redacted]")), false)).toMatchObject({
      files: [],
      alike: 1,
    });
  });

  test("binary files are named", () => {
    const binary = (to: string) => `diff --git a/w b/w\nindex 1234567..${to} 100644\nBinary files a/w and b/w differ\n`;
    expect(pairPatches(parsePatch(binary("aaaaaaa")), parsePatch(binary("bbbbbbb")), true).files).toMatchObject([
      { from: "w", to: "w", isBinary: true, blocks: [] },
    ]);
    expect(pairPatches(parsePatch(binary("aaaaaaa")), parsePatch(binary("aaaaaaa")), true).files).toEqual([]);
  });

  test("a renaming and a change of rights are differences without lines", () => {
    const renamed = "diff --git a/a.py b/c.py\nsimilarity index 100%\nrename from a.py\nrename to c.py\n";
    expect(pairPatches(parsePatch(""), parsePatch(renamed), true).files).toMatchObject([
      { from: "a.py", to: "c.py", blocks: [] },
    ]);
    const rights = "diff --git a/a.sh b/a.sh\nold mode 100644\nnew mode 100755\n";
    expect(pairPatches(parsePatch(rights), parsePatch(""), true).files).toMatchObject([
      { modes: { from: "100755", to: "100644" } },
    ]);
  });
});

describe("where both versions can't be known", () => {
  const base = "1\n2\n3\n";
  const [own, other] = [patchOf("x", base, "1\nA\n3\n"), patchOf("x", base, "1\nB\n3\n")];

  test("of two commits each patch is told by itself", () => {
    expect(pairPatches(parsePatch(own), parsePatch(other), false).files.map(({ sides }) => sides)).toEqual([
      "from-commit",
      "to-commit",
    ]);
  });

  test("unless git says that the file was the same in both", () => {
    const files = pairPatches(
      parsePatch(own.replace("--- a/x", "index abcdef1..1111111 100644\n--- a/x")),
      parsePatch(other.replace("--- a/x", "index abcdef1234..2222222 100644\n--- a/x")),
      false,
    ).files;
    expect(files.map(({ sides }) => sides)).toEqual(["versions"]);
  });

  test("patches that don't agree on the commit, or are damaged, are told by themselves", () => {
    const wrong = other.replace(" 3", " three");
    expect(pairPatches(parsePatch(own), parsePatch(wrong), true).files.map(({ sides }) => sides)).toEqual([
      "from-commit",
      "to-commit",
    ]);
    const cut = `${other.split("\n").slice(0, -2).join("\n")}\n`;
    expect(pairPatches(parsePatch(own), parsePatch(cut), true).files).toMatchObject([
      { sides: "from-commit" },
      { sides: "to-commit", isCut: true },
    ]);
  });
});
