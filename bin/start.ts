/** npm start: everything, from the database to the page, until Ctrl-C. */

import { runCommand } from "./serve/command.ts";
import { launch } from "./serve/launch.ts";

await runCommand(() => launch({ dev: false }));
