/** The lines that connect an agent. `origin`: the server's address, without a slash at its end. */
export const agentSnippets = (origin: string) => ({
  add: `claude mcp add --transport http holdout ${origin}/api/mcp \\
  --header "Authorization: Bearer $HOLDOUT_TOKEN"`,
  json: `{
  "mcpServers": {
    "holdout": {
      "type": "http",
      "url": "${origin}/api/mcp",
      "headers": { "Authorization": "Bearer \${HOLDOUT_TOKEN}" }
    }
  }
}`,
  install: `npm install --global --omit=optional ${origin}/holdout.tgz
holdout login --url ${origin}
holdout runs list "status = finished"`,
  start: `claude mcp add holdout -- holdout mcp
claude mcp add holdout -- npx --no-install holdout mcp`,
  skill: `curl -sSf --create-dirs -o ~/.claude/skills/holdout-honest-loop/SKILL.md ${origin}/skill.md`,
});
