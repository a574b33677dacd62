import { connection } from "next/server";
import { readCommandPackage } from "@/lib/command-package.ts";

/** The command for `npm install`. Anybody may have it: it is this program's own source, and holds nothing of the workspace. */
export async function GET(): Promise<Response> {
  await connection();
  const bytes = await readCommandPackage();
  return new Response(Buffer.from(bytes), {
    headers: { "content-type": "application/gzip", "cache-control": "no-cache" },
  });
}
