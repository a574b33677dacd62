/** npm start: everything, from the database to the page, until Ctrl-C. */

import { runCommand } from "./command.ts";
import { launch } from "./launch.ts";

await runCommand(() => launch({ dev: false }));
