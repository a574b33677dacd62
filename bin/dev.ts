/** npm run dev: like npm start, with pages that change as their sources do. */

import { runCommand } from "./serve/command.ts";
import { launch } from "./serve/launch.ts";

await runCommand(() => launch({ dev: true }));
