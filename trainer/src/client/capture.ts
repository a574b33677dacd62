/** What a run was made of: the code, with what looks like a secret replaced, and versions and hardware. */
import { execFile } from "node:child_process";
import { arch, cpus, platform, release, totalmem } from "node:os";
import { promisify } from "node:util";
import type { Code, Environment } from "../../../lib/wire/runs.ts";

const DIFF_BYTES_MAX = 1_000_000;

/**
 * Captures commit, branch, `git diff HEAD` (cut at 1 MB, and says so in its last line), names of untracked files and
 * the command line. Known shapes of secrets are replaced by `[redacted]`; contents of untracked files are never read.
 * Pieces that git can't tell (no git, no repository, no commit) are null or empty. Never throws.
 */
export async function captureCode(cwd: string): Promise<Code> {
  const git = (...args: string[]) => output("git", ["-C", cwd, ...args], 10_000);
  const [commit, branch, remote, status, diff] = await Promise.all([
    git("rev-parse", "--verify", "HEAD"),
    git("symbolic-ref", "--short", "-q", "HEAD"),
    git("config", "--get", "remote.origin.url"),
    git("status", "--porcelain=v1", "-z", "--untracked-files=normal"),
    git("diff", "HEAD", "--no-color", "--no-ext-diff", "--no-textconv"),
  ]);
  const changes = (status ?? "").split("\0").filter(Boolean);
  return {
    repository: remote ? redact(withoutCredentials(remote.trim())).slice(0, 500) : null,
    commit: commit?.trim().slice(0, 64) || null,
    branch: branch?.trim().slice(0, 250) || null,
    dirty: changes.length > 0,
    diff:
      diff === null && commit && changes.length > 0 ? "[not captured: git diff failed]\n" : bounded(redact(diff ?? "")),
    untracked: changes
      .flatMap((line) => (line.startsWith("?? ") ? [redact(line.slice(3)).slice(0, 1000)] : []))
      .slice(0, 1000),
    command: redactCommand([...process.execArgv, ...process.argv.slice(1)]).slice(0, 10_000),
  };
}

/** Versions and hardware as flat text; environment variables are never read. Never throws. */
export async function captureEnvironment(): Promise<Environment> {
  const processors = cpus();
  const gpus = await output("nvidia-smi", ["--query-gpu=name,driver_version", "--format=csv,noheader"], 2000);
  const lines = gpus?.trim().split("\n").filter(Boolean) ?? [];
  return {
    node: process.version,
    os: `${platform()} ${release()} ${arch()}`,
    cpu: processors[0]?.model.trim() || "unknown",
    cpuCount: String(processors.length),
    memory: `${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
    ...Object.fromEntries(lines.slice(0, 64).map((line, index) => [`gpu${index}`, line.trim().slice(0, 2000)])),
  };
}

const shapes: RegExp[] = [
  /\bhold_[A-Za-z0-9_-]{8,}/g,
  /\bgh[pousr]_[A-Za-z0-9]{16,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{16,}/g,
  /\bglpat-[A-Za-z0-9_-]{16,}/g,
  /\bsk-[A-Za-z0-9_-]{16,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bxox[a-z]-[A-Za-z0-9-]{10,}/g,
  /\bhf_[A-Za-z0-9]{16,}/g,
  /\bnpm_[A-Za-z0-9]{30,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];
const HIDDEN = "[redacted]";
const secretOption = /^--?(?:[a-z0-9]+[-_])*(?:token|password|passwd|secret|api[-_]?key)$/i;

/** Replaces what has the shape of a known token, a bearer header, a secret's option, or credentials in a URL. */
export function redact(text: string): string {
  let safe = text
    .replace(/\b(Bearer\s+)[A-Za-z0-9._~+/=-]{8,}/gi, `$1${HIDDEN}`)
    .replace(
      /(--(?:[a-z0-9]+[-_])*(?:token|password|passwd|secret|api[-_]?key)(?:=|[ \t]+))("[^"]*"|'[^']*'|[^\s"']+)/gi,
      `$1${HIDDEN}`,
    )
    .replace(/(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@"'<>]+@/gi, `$1${HIDDEN}@`);
  for (const shape of shapes) safe = safe.replace(shape, HIDDEN);
  return safe;
}

/** A command line with quoted arguments; the argument after a secret's option is replaced whole. */
export function redactCommand(args: string[]): string {
  return args
    .map((arg, index) => {
      if (index > 0 && secretOption.test(args[index - 1]!)) return HIDDEN;
      const [option, value] = [arg.slice(0, arg.indexOf("=")), arg.indexOf("=")];
      if (value > 0 && secretOption.test(option)) return `${option}=${HIDDEN}`;
      return redact(/^[\w@%+=:,./-]+$/.test(arg) ? arg : JSON.stringify(arg));
    })
    .join(" ")
    .replaceAll("\\u0000", "");
}

function withoutCredentials(remote: string): string {
  return remote.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, "$1");
}

function bounded(raw: string): string {
  const diff = raw.replaceAll("\u0000", "\ufffd");
  const bytes = Buffer.from(diff);
  if (bytes.length <= DIFF_BYTES_MAX) return diff;
  const cut = bytes.subarray(0, DIFF_BYTES_MAX).toString("utf8");
  return `${cut.slice(0, cut.lastIndexOf("\n") + 1)}[cut: ${bytes.length} bytes in all, the first ${DIFF_BYTES_MAX} are kept]\n`;
}

/** Standard output, or null if the program isn't there, fails, or takes too long. */
async function output(program: string, args: string[], timeout: number): Promise<string | null> {
  try {
    const options = { timeout, maxBuffer: 64 * 1024 * 1024, windowsHide: true };
    return (await promisify(execFile)(program, args, options)).stdout;
  } catch {
    return null;
  }
}
