/** The command `holdout`, which `holdout-trainer` is another name of: tools that ask the API, and commands that train. */

import { findTools } from "./cli/command-line.ts";
import { completionCommand } from "./cli/completion.ts";
import { BROKEN_PIPE_EXIT, exitOf, Misused, wordsOfEnd } from "./cli/exits.ts";
import { groupHelp, overview } from "./cli/help.ts";
import { loginCommand, logoutCommand } from "./cli/login.ts";
import { mcpCommand } from "./cli/mcp.ts";
import { runTool } from "./cli/run-tool.ts";
import { tailCommand } from "./cli/tail.ts";
import { Stopped } from "./commands/context.ts";
import { runTraining, TRAINING_HELP } from "./training.ts";

const own: Record<string, (argv: string[]) => Promise<number>> = {
  login: loginCommand,
  logout: logoutCommand,
  tail: tailCommand,
  import: async (argv) => (await import("./cli/import.ts")).importCommand(argv),
  export: async (argv) => (await import("./cli/export.ts")).exportCommand(argv),
  mcp: mcpCommand,
  completion: completionCommand,
};

async function main(argv: string[]): Promise<number> {
  const [word = "help"] = argv;
  if (word === "help" || word === "--help" || word === "-h") return helpCommand(argv.slice(1));
  if (Object.hasOwn(own, word)) return own[word]!(argv.slice(1));
  const { found, rest } = findTools(argv);
  const [tool] = found;
  if (!tool) return train(argv);
  if (found.length === 1 && rest.length === argv.length - tool.name.split("_").length) return runTool(tool, rest);
  console.log(groupHelp(found));
  if (rest.every((one) => one === "--help" || one === "-h")) return 0;
  throw new Misused(`${argv.slice(0, 2).join(" ")}: there is no such command`);
}

/** A training that failed ends with 1, whatever it was: what holds trials tells other codes of theirs apart. */
async function train(argv: string[]): Promise<number> {
  try {
    return await runTraining(argv);
  } catch (error) {
    const words = wordsOfEnd(error);
    if (words !== null) console.error(`holdout: ${words}`);
    return error instanceof Stopped ? exitOf(error) : 1;
  }
}

function helpCommand(words: string[]): number {
  const { found } = findTools(words);
  console.log(found.length > 0 ? groupHelp(found) : `${overview()}\n\n${TRAINING_HELP}`);
  return 0;
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(BROKEN_PIPE_EXIT);
  throw error;
});

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const words = wordsOfEnd(error);
    if (words !== null) console.error(`holdout: ${words}`);
    process.exit(exitOf(error));
  },
);
