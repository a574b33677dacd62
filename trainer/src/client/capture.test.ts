import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeSchema, environmentSchema } from "../../../lib/wire/runs.ts";
import { captureCode, captureEnvironment, redact, redactCommand } from "./capture.ts";

const many = (text: string, count: number) => text.repeat(count);
const jwt = `eyJ${many("a", 20)}.${many("b", 20)}.${many("c", 20)}`;

describe("redaction", () => {
  it.each([
    ["a token of ours", `x = "hold_${many("Ab1_", 8)}"`, 'x = "[redacted]"'],
    ["GitHub's", `ghp_${many("a1", 18)} gho_${many("b2", 18)}`, "[redacted] [redacted]"],
    ["GitHub's fine-grained", `github_pat_${many("a1_", 12)}`, "[redacted]"],
    ["sk-", `key: sk-${many("proj-9", 6)}`, "key: [redacted]"],
    ["AWS's", `AKIA${many("A", 16)},`, "[redacted],"],
    ["Slack's", `xoxb-${many("12-", 6)}a`, "[redacted]"],
    ["Hugging Face's", `hf_${many("aB", 12)}`, "[redacted]"],
    ["a JWT", `t=${jwt};`, "t=[redacted];"],
    ["a bearer header", `-H "Authorization: Bearer ${many("z", 20)}"`, '-H "Authorization: Bearer [redacted]"'],
    [
      "options",
      "--token abc --db-password=abc --api-key 'a b' --epochs 3",
      "--token [redacted] --db-password=[redacted] --api-key [redacted] --epochs 3",
    ],
    ["credentials in a URL", "postgres://me:pw@db/x https://a.b/c", "postgres://[redacted]@db/x https://a.b/c"],
  ])("hides %s", (_, text, safe) => expect(redact(text)).toBe(safe));

  it.each([
    "loss = model(x)",
    "skeleton sk-1 task-queue hf_x",
    "def tokenize(text): --tokens 3",
    "email me@example.org",
  ])("leaves %j as it is", (text) => expect(redact(text)).toBe(text));

  it("hides the argument after a secret's option, whatever it holds", () => {
    expect(redactCommand(["train.ts", "--password", "a b", "--token=x y", "--name", "it's"])).toBe(
      'train.ts --password [redacted] --token=[redacted] --name "it\'s"',
    );
  });
});

describe("the code of a run", () => {
  let folder: string;
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", folder, "-c", "user.name=n", "-c", "user.email=e@example.org", ...args]);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "holdout-capture-"));
    git("init", "-q", "-b", "trunk");
    writeFileSync(join(folder, "a.py"), "rate = 1\n");
    git("add", "a.py");
    git("commit", "-q", "-m", "Begin");
    git("remote", "add", "origin", "https://me:secret@example.org/a.git");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("is clean after a commit", async () => {
    const code = codeSchema.parse(await captureCode(folder));
    expect(code).toMatchObject({ branch: "trunk", dirty: false, diff: "", untracked: [] });
    expect(code.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(code.repository).toBe("https://example.org/a.git");
  });

  it("holds the redacted diff, and untracked files by name alone", async () => {
    writeFileSync(join(folder, "a.py"), `rate = 2\nkey = "hold_${many("Ab1_", 8)}"\n`);
    writeFileSync(join(folder, "new file.txt"), "contents nobody reads");
    const code = codeSchema.parse(await captureCode(folder));
    expect(code).toMatchObject({ dirty: true, untracked: ["new file.txt"] });
    expect(code.diff).toContain("-rate = 1\n+rate = 2\n");
    expect(code.diff).toContain('key = "[redacted]"');
    expect(JSON.stringify(code)).not.toContain("contents nobody reads");
  });

  it("is cut at a megabyte, and says so", async () => {
    writeFileSync(join(folder, "a.py"), many("x = 1\n", 400_000));
    const { diff } = codeSchema.parse(await captureCode(folder));
    expect(diff.length).toBeLessThan(1_000_200);
    expect(diff).toMatch(/\[cut: \d+ bytes in all, the first 1000000 are kept\]\n$/);
  });

  it("is unknown outside a repository", async () => {
    expect(await captureCode(tmpdir())).toMatchObject({ commit: null, branch: null, repository: null, diff: "" });
  });
});

it("captures versions and hardware, and no environment variable", async () => {
  process.env.HOLDOUT_CAPTURE_TEST = "a-value-nobody-sends";
  const environment = environmentSchema.parse(await captureEnvironment());
  expect(environment.node).toBe(process.version);
  expect(Number(environment.cpuCount)).toBeGreaterThan(0);
  expect(JSON.stringify(environment)).not.toContain("a-value-nobody-sends");
});
