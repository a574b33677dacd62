/** npm run dev: like npm start, with pages that change as their sources do. */

import { runCommand } from "./command.ts";
import { launch } from "./launch.ts";

await runCommand(() => launch({ dev: true }));
