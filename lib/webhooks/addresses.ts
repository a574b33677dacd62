/** Which IP addresses are no part of the public internet. Pure. */
import { BlockList, isIP } from "node:net";

const inside = new BlockList();
// private, shared, loopback, link-local, special, multicast and reserved (RFC 6890)
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const)
  inside.addSubnet(network, prefix, "ipv4");

const outside = new BlockList();
// of IPv6 only what is given out to the internet; documentation, tunnels and translated IPv4 within it aside
outside.addSubnet("2000::", 3, "ipv6");
const asideInIpv6 = new BlockList();
for (const [network, prefix] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
] as const)
  asideInIpv6.addSubnet(network, prefix, "ipv6");

/** Whether an address belongs to this machine or a network of its own, or isn't an address at all. */
export function isInside(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return inside.check(address, "ipv4");
  return family !== 6 || !outside.check(address, "ipv6") || asideInIpv6.check(address, "ipv6");
}
