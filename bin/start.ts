/** npm start: everything, from the database to the page, until Ctrl-C. `start.mjs` runs it. */
import { runCommand } from "./serve/command.ts";
import { launch } from "./serve/launch.ts";

export { isBuilt } from "./serve/build.ts";

export const start = (): Promise<void> => runCommand(() => launch({ dev: false }));
