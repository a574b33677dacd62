import { scrape } from "@/lib/scrape.ts";
import { handle } from "../_handler.ts";

/** A scraper asks each server by its own address, which is seldom the one that people have. */
export const GET = handle(
  async ({ actor }) => {
    const { text, contentType } = await scrape(actor);
    return new Response(text, { headers: { "content-type": contentType, "cache-control": "no-store" } });
  },
  { anyHost: true },
);
