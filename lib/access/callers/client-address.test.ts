import { expect, test } from "vitest";
import { clientAddress, originOfTries } from "./client-address.ts";

test.each([
  ["nothing is believed without a proxy", "198.51.100.1", "6.6.6.6", 0, "198.51.100.1"],
  ["one proxy appends whom it was asked by", "10.0.0.1", "198.51.100.1", 1, "198.51.100.1"],
  ["what stood there before, the client made up", "10.0.0.1", "6.6.6.6, 198.51.100.1", 1, "198.51.100.1"],
  ["of two proxies the first one counts", "10.0.0.2", "6.6.6.6, 198.51.100.1, 10.0.0.1", 2, "198.51.100.1"],
  ["who came past the proxies has the connection's", "198.51.100.1", undefined, 1, "198.51.100.1"],
  ["a list that is too short is not believed", "198.51.100.1", "6.6.6.6", 2, "198.51.100.1"],
  ["what is no address is not believed", "10.0.0.1", "<script>", 1, "10.0.0.1"],
  ["IPv4 within IPv6 is IPv4", "::ffff:198.51.100.1", undefined, 0, "198.51.100.1"],
  ["IPv6 stays", "10.0.0.1", "2001:db8::1", 1, "2001:db8::1"],
])("%s", (_words, connectedFrom, forwardedFor, proxies, expected) => {
  expect(clientAddress(connectedFrom, forwardedFor, proxies)).toBe(expected);
});

test.each([
  ["198.51.100.1", "198.51.100.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:DB8:1:2::6", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
])("tries of %s are counted for %s", (address, expected) => {
  expect(originOfTries(new Headers({ "x-forwarded-for": address }))).toBe(expected);
});
