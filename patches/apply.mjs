/** After an install: mends what `patches/` has a patch for. The trainer alone has none of it, and nothing to mend. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const installed = (name) => existsSync(path.join(root, "node_modules", name));
if (installed("postgres")) {
  const program = path.join(root, "node_modules", "patch-package", "index.js");
  execFileSync(process.execPath, [program, "--error-on-fail"], { cwd: root, stdio: "inherit" });
}
