import { expect, test } from "vitest";
import { readProvider } from "./settings.ts";

const whole = {
  HOLDOUT_OIDC_ISSUER: "https://login.example.org/realms/lab",
  HOLDOUT_OIDC_CLIENT_ID: "holdout",
  HOLDOUT_OIDC_CLIENT_SECRET: "secret",
};
const read = (environment: Record<string, string>) => readProvider(environment as NodeJS.ProcessEnv);

test("nothing set is no provider; what is whole is one, named as it is set or by its host", () => {
  expect(read({ HOLDOUT_OIDC_ISSUER: "" })).toEqual({ provider: null, fault: null });
  expect(read(whole)).toMatchObject({ fault: null, provider: { name: "login.example.org", clientId: "holdout" } });
  expect(read({ ...whole, HOLDOUT_OIDC_NAME: "Lab" })).toMatchObject({ provider: { name: "Lab" } });
  for (const issuer of ["http://127.0.0.1:8080", "http://[::1]:8080", "http://localhost:8080/a"])
    expect(read({ ...whole, HOLDOUT_OIDC_ISSUER: issuer }).fault).toBeNull();
});

test.each([
  [{ HOLDOUT_OIDC_NAME: "Lab" }, "HOLDOUT_OIDC_ISSUER and HOLDOUT_OIDC_CLIENT_ID and HOLDOUT_OIDC_CLIENT_SECRET are"],
  [{ ...whole, HOLDOUT_OIDC_CLIENT_SECRET: " " }, "HOLDOUT_OIDC_CLIENT_SECRET is missing"],
  [{ ...whole, HOLDOUT_OIDC_ISSUER: "http://login.example.org" }, "isn't encrypted"],
  [{ ...whole, HOLDOUT_OIDC_ISSUER: "http://127.0.0.1.example.org" }, "isn't encrypted"],
  [{ ...whole, HOLDOUT_OIDC_ISSUER: "login.example.org" }, "HOLDOUT_OIDC_ISSUER can't be read"],
  [{ ...whole, HOLDOUT_OIDC_ISSUER: "https://login.example.org/?tenant=1" }, "HOLDOUT_OIDC_ISSUER can't be read"],
  [{ ...whole, HOLDOUT_OIDC_NAME: "a".repeat(61) }, "HOLDOUT_OIDC_NAME has 61 characters"],
])("%o is no provider, and a sentence says why", (environment, words) => {
  const { provider, fault } = read(environment);
  expect(provider).toBeNull();
  expect(fault).toContain(words);
  expect(fault).not.toContain("secret");
});
