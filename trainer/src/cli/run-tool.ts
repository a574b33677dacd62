/** Runs one tool of the table for a person or a script at a terminal. */
import { apiOf } from "../../../lib/agents/api.ts";
import type { Api } from "../../../lib/wire/tools/tool.ts";
import { type Common, type NamedTool, readInput } from "./command-line.ts";
import { NoToken } from "./exits.ts";
import { toolHelp } from "./help.ts";
import { findTarget, NO_TOKEN } from "./login-file.ts";
import { shownAnswer } from "./show.ts";

/** Prints the answer, as JSON where that is asked for. Returns the exit code. */
export async function runTool(tool: NamedTool, argv: readonly string[]): Promise<number> {
  const { common, input } = readInput(tool, argv);
  if (common.help) {
    console.log(toolHelp(tool));
    return 0;
  }
  const given = tool.input.strict().parse(input);
  const answer = await tool.run(apiFor(common), given);
  console.log(common.json ? JSON.stringify(answer, null, 2) : shownAnswer(tool.name, answer, tool.shown));
  return 0;
}

/** The API of the server that the flags, the environment or the login name. */
export function apiFor(common: Pick<Common, "url" | "token">): Api {
  const target = findTarget(common);
  if (target.token === "") throw new NoToken(NO_TOKEN);
  return apiOf(target);
}
