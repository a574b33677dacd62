/** Where a request comes from. Only what a trusted proxy says is believed: anybody can send `X-Forwarded-For`. */
import { isIP, isIPv6 } from "node:net";

/**
 * The client's address: the connection's own, or with `proxies` in front what the first of them wrote. Each proxy appends
 * whom it was asked by, so that the client's stands as many places from the end. What stands before it, the client made up.
 */
export function clientAddress(connectedFrom: string | undefined, forwardedFor: string | undefined, proxies: number) {
  const named = (forwardedFor ?? "").split(",").map((one) => one.trim());
  const said = proxies > 0 ? named.at(-proxies) : undefined;
  const address = said !== undefined && isIP(said) ? said : (connectedFrom ?? "");
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}

/**
 * Whom the tries of a request are counted for: its address, of IPv6 the network of 64 bits, which is one household's. The
 * launcher has put the address into `x-forwarded-for`, in place of whatever came.
 */
export function originOfTries(headers: Headers): string {
  const address = headers.get("x-forwarded-for") ?? "";
  return isIPv6(address) ? networkOf(address) : address;
}

function networkOf(address: string): string {
  const [head = "", tail = ""] = address.split("%", 1)[0]!.split("::");
  const before = head.split(":").filter(Boolean);
  const after = tail.split(":").filter(Boolean);
  const gap = address.includes("::") ? Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0") : [];
  const parts = [...before, ...gap, ...after].slice(0, 4);
  return `${parts.map((part) => Number.parseInt(part, 16).toString(16)).join(":")}::/64`;
}
