/** Scripts that complete commands and flags, made of the table of tools. */

import { terminalTools, wordsOf } from "./command-line.ts";
import { Misused } from "./exits.ts";
import { importKinds } from "./import-source.ts";

const common = ["--json", "--url", "--token", "--help"];
const training = "train resume work queue evaluate referee verify sync split register demo backends".split(" ");
const own = ["login", "logout", "tail", "import", "export", "mcp", "completion", "help"];

/** What may follow these words: commands, the second words of a group, flags. */
function table(): Map<string, string[]> {
  const followers = new Map<string, string[]>();
  const add = (after: string, words: string[]) => followers.set(after, [...(followers.get(after) ?? []), ...words]);
  add("", [...own, ...training]);
  for (const tool of terminalTools) {
    const [group = "", verb] = wordsOf(tool).split(" ");
    if (!followers.get("")!.includes(group)) add("", [group]);
    if (verb !== undefined) add(group, [verb]);
    add(wordsOf(tool), [...Object.keys(tool.input.shape).map((name) => `--${name}`), ...common]);
  }
  add("completion", ["bash", "zsh"]);
  add("import", [...importKinds]);
  return followers;
}

/** For bash; of zsh's own it has what reads such scripts. */
export function completionScript(shell: "bash" | "zsh"): string {
  const cases = [...table()].map(
    ([after, words]) => `    ${JSON.stringify(after)}) words=${JSON.stringify(words.join(" "))} ;;`,
  );
  return `${shell === "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" : ""}_holdout() {
  local after="" word words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) continue ;; esac
    # two words name a command; what follows them is its own
    case "$after" in *" "*) ;; "") after="$word" ;; *) after="$after $word" ;; esac
  done
  case "$after" in
${cases.join("\n")}
    *) case "\${after%% *}" in
${[...table()]
  .filter(([after, words]) => after !== "" && !after.includes(" ") && words.some((word) => word.startsWith("-")))
  .map(([after, words]) => `      ${after}) words=${JSON.stringify(words.join(" "))} ;;`)
  .join("\n")}
    esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _holdout holdout holdout-trainer
`;
}

export async function completionCommand([shell]: string[]): Promise<number> {
  if (shell !== "bash" && shell !== "zsh")
    throw new Misused("completion: expected bash or zsh;  source <(holdout completion bash)  takes it into a shell");
  process.stdout.write(completionScript(shell));
  return 0;
}
