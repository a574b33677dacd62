/** npm run build: the pages, made ahead of a start, which then finds them as its own build would be. */

import { build, isBuilt } from "./serve/build.ts";
import { runCommand } from "./serve/command.ts";

await runCommand(async () => {
  if (isBuilt()) return console.log("The pages are built.");
  await build(console.log);
});
