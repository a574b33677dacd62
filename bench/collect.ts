/** Loaded into the app of the bench: asked by a message, collects what nobody holds and answers what is left. */
process.on("message", () => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.({ heapBytes: heapUsed + external });
});
process.channel?.unref();
