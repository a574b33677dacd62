/**
 * A shown page that is read anew arrives whole or not at all. The router renders what has come so far: where the rest is
 * cut off on its way, an error would stand in place of the page. A read that was cut fails like one that never began,
 * which the router does again once the server is back.
 */
const RSC_HEADER = "rsc";

/** Whether the router reads the page that is shown; another page streams in, so that its frame is there at once. */
const isReread = (input: RequestInfo | URL, init: RequestInit | undefined): boolean =>
  input instanceof URL &&
  input.pathname === window.location.pathname &&
  (init?.method ?? "GET") === "GET" &&
  new Headers(init?.headers).has(RSC_HEADER);

async function whole(answer: Response): Promise<Response> {
  if (!answer.ok || !answer.body) return answer;
  const { status, statusText, headers, url, redirected } = answer;
  const copy = new Response(await answer.arrayBuffer(), { status, statusText, headers });
  return Object.defineProperties(copy, { url: { value: url }, redirected: { value: redirected } });
}

if (typeof window !== "undefined") {
  const fetchPlain = window.fetch;
  window.fetch = async (input, init) => {
    const answer = await fetchPlain(input, init);
    return isReread(input, init) ? whole(answer) : answer;
  };
}
