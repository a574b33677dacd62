/** `HOLDOUT_URL`: the one origin for cookies, links, and the checks of Host and Origin. */

/** The origin without a trailing slash, such as `https://holdout.example`. Throws where HOLDOUT_URL is no http(s) URL. */
export function origin(): string {
  const given = process.env.HOLDOUT_URL ?? "http://127.0.0.1:3000";
  const url = URL.canParse(given) ? new URL(given) : null;
  if (!url || !["http:", "https:"].includes(url.protocol))
    throw new Error(`HOLDOUT_URL is ${JSON.stringify(given)}; it should be an address such as https://holdout.example`);
  return url.origin;
}

/** The whole address of a run's page, for whoever stands outside the site. A slug may hold any script's letters. */
export const runLink = (slug: string, runId: string): string =>
  `${origin()}/projects/${encodeURIComponent(slug)}/runs/${runId}`;
