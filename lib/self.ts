/** Where this server reaches itself: what an agent asks over MCP is asked of the API, as anybody's request. */
import { origin } from "./origin.ts";

/** Set by whoever listens, for this process alone. */
export const SELF = "HOLDOUT_SELF";

/** An address that listens on all of a machine's is reached by the loopback of its kind. */
export function selfUrl(host: string, port: number): string {
  const reached = { "0.0.0.0": "127.0.0.1", "::": "::1" }[host] ?? host;
  return `http://${reached.includes(":") ? `[${reached}]` : reached}:${port}`;
}

/** The address, and the Host that the server goes by. */
export function selfAddress(): { url: string; host: string } {
  const url = process.env[SELF];
  if (url === undefined) throw new Error(`${SELF} isn't set: who listens says where`);
  return { url, host: new URL(origin()).host };
}
