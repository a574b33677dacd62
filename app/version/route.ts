/** What clients of MLflow ask: below 3.4, so that none sends spans by OTLP. */
export const GET = (): Response => new Response("2.22.0", { headers: { "content-type": "text/plain" } });
