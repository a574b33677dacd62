import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test as base } from "@playwright/test";
import { expect, url } from "./workspace.ts";

const root = path.resolve(import.meta.dirname, "..");
const test = base;
const open = ["/sign-in", "/link"];

/** Every page of the app, by its file; segments in brackets get values that name nothing. */
const pages = readdirSync(path.join(root, "app"), { recursive: true, encoding: "utf8" })
  .filter((file) => path.basename(file) === "page.tsx")
  .map((file) => `/${path.dirname(file)}`.replace(/\/\([^)]+\)/g, "").replace(/^\/\.$/, "/") || "/")
  .map((route) => route.replace(/\[[^\]]+\]/g, "0199f3a2-1c00-7000-8000-000000000001"));

test("there are pages to walk", () => {
  expect(pages.length).toBeGreaterThan(8);
});

for (const route of pages)
  test(`a stranger at ${route} ${open.includes(route) ? "is let in" : "is sent to sign in"}`, async ({ request }) => {
    const response = await request.get(url + route, { maxRedirects: 0 });
    if (open.includes(route)) return expect(response.status()).toBe(200);
    // of a link that nobody made there is nothing to read
    if (route.startsWith("/shared/")) return expect(response.status()).toBe(404);
    expect(response.status()).toBe(307);
    expect(response.headers().location).toMatch(/\/sign-in/);
    expect((await response.body()).toString()).not.toContain("Ada");
  });

for (const route of ["session", "sign-in/email", "sign-up/email", "get-session", "list-sessions", "ok", "error"])
  for (const method of ["get", "post"] as const)
    test(`a stranger's ${method} at /api/auth/${route} is refused`, async ({ request }) => {
      const response = await request[method](`${url}/api/auth/${route}`, { data: method === "post" ? {} : undefined });
      expect(response.status()).toBe(401);
    });

type Manifest = { node: Record<string, { workers: Record<string, unknown>; filename?: string }> };
const manifest = JSON.parse(
  readFileSync(path.join(root, ".next/server/server-reference-manifest.json"), "utf8"),
) as Manifest;
const actions = Object.entries(manifest.node).map(([id, { workers, filename }]) => ({
  id,
  filename: filename ?? "",
  page: Object.keys(workers)[0] ?? "",
}));

test("there are server actions to walk", () => {
  expect(actions.length).toBeGreaterThan(10);
});

for (const { id, filename, page } of actions)
  test(`a stranger's call of action ${filename || page} ${id.slice(0, 8)} does nothing`, async ({ request }) => {
    const route = page
      .replace(/^app/, "")
      .replace(/\/page$/, "")
      .replace(/\/\([^)]+\)/g, "")
      .replace(/\[[^\]]+\]/g, "x");
    const response = await request.post(`${url}${route || "/"}`, {
      headers: { "next-action": id, origin: url, "content-type": "text/plain;charset=UTF-8" },
      data: '[{},"x","x"]',
      maxRedirects: 0,
    });
    const openFile = /sign-in|link/.test(filename + page);
    if (openFile) expect(response.status()).toBeLessThan(500);
    else
      expect(`${response.headers().location ?? ""} ${response.headers()["x-action-redirect"] ?? ""}`).toContain(
        "/sign-in",
      );
  });

test("a request for another host is refused, and a change from another origin too", async ({ request }) => {
  const misdirected = await request.get(`${url}/api/v1/projects`, { headers: { host: "evil.example" } });
  expect(misdirected.status()).toBe(421);
  const foreign = await request.post(`${url}/api/v1/projects`, {
    headers: { origin: "http://evil.example", cookie: "holdout.session_token=x" },
    data: { name: "x" },
  });
  expect(foreign.status()).toBe(403);
});

test("a form that is cut short is refused, and a whole one is read without any script", async ({
  browser,
  request,
}) => {
  for (const data of ["", "no form", '--x\r\nContent-Disposition: form-data; name="email"\r\n\r\na'])
    for (const route of ["/sign-in", "/"]) {
      const headers = { origin: url, "content-type": "multipart/form-data; boundary=x" };
      const answer = await request.post(`${url}${route}`, { headers, data, maxRedirects: 0 });
      expect(answer.status(), `${route} ${data}`).toBe(400);
      expect((await answer.json()).detail).toContain("the body is no form");
    }
  const long = await request.post(`${url}/sign-in`, {
    headers: { origin: url, "content-type": "multipart/form-data; boundary=x" },
    data: "-".repeat(2 ** 20 + 1),
    maxRedirects: 0,
  });
  expect([long.status(), (await long.json()).detail]).toEqual([413, expect.stringContaining("a page takes at most")]);
  const page = await (await browser.newContext({ baseURL: url, javaScriptEnabled: false })).newPage();
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill("nobody@example.org");
  await page.getByLabel("Password").fill("not that one, surely");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert").first()).toContainText(/password/i);
  await page.context().close();
});

test("health answers anybody, and tells nothing but that", async ({ request }) => {
  const response = await request.get(`${url}/api/health`);
  expect(Object.keys(await response.json())).toEqual(["status", "instance"]);
});
