/** npm start: runs what the build made of start.ts; start.ts itself, which makes the build, where that isn't of these sources. */
const { isBuilt, start } = await import("../.next/start.mjs").catch(() => ({}));
if (isBuilt?.()) await start();
else {
  const { register } = await import("tsx/esm/api");
  register();
  await (await import("./start.ts")).start();
}
