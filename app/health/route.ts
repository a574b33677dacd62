/** What clients of MLflow ask of a server; /api/health says more. */
export const GET = (): Response => new Response("OK", { headers: { "content-type": "text/plain" } });
