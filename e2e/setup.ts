/** Playwright's global setup: one server for all specs, at HOLDOUT_E2E_URL, with the first admin's HOLDOUT_E2E_LINK. */
import { startApp } from "./app.ts";

export default async function setup(): Promise<() => Promise<void>> {
  const app = await startApp();
  process.env.HOLDOUT_E2E_URL = app.url;
  process.env.HOLDOUT_E2E_SESSION = String(app.pid);
  process.env.HOLDOUT_E2E_LINK = app.link ?? "";
  return app.stop;
}
