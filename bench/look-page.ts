/** What `look` measures inside the page. Each function stands alone: it is sent to the browser as text. */

declare global {
  interface Window {
    holdoutLookMs: Promise<number>;
  }
}

/** Since the navigation: the largest contentful paint, and the first chart with curves on its canvas. */
export async function firstChart(): Promise<{ lcpMs: number; chartMs: number }> {
  const canvas = 'figure canvas[data-curves]:not([data-curves="0"])';
  if (!document.querySelector(canvas))
    await new Promise<void>((resolve) => {
      const observer = new MutationObserver(() => {
        if (!document.querySelector(canvas)) return;
        observer.disconnect();
        resolve();
      });
      observer.observe(document.body, { subtree: true, childList: true, attributes: true });
    });
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const chartMs = performance.now();
  const lcpMs = await new Promise<number>((resolve) => {
    new PerformanceObserver((list) => resolve(list.getEntries().at(-1)!.startTime)).observe({
      type: "largest-contentful-paint",
      buffered: true,
    });
  });
  return { lcpMs, chartMs };
}

/** Sets `holdoutLookMs`: from the next time that the pointer enters something until so many charts have faded curves. */
export function watchFaded(charts: number): void {
  window.holdoutLookMs = new Promise((resolve) => {
    let startedAt = 0;
    const note = (event: Event) => {
      startedAt = event.timeStamp;
    };
    window.addEventListener("pointerover", note, { capture: true, once: true });
    const observer = new MutationObserver(() => {
      if (document.querySelectorAll('figure canvas[data-faded="true"]').length < charts) return;
      observer.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - startedAt)));
    });
    observer.observe(document.body, { subtree: true, attributes: true, attributeFilter: ["data-faded"] });
  });
}

/** Sets `holdoutLookMs`: from the next key until another chart than now fills the window, with its curves. */
export function watchNextChart(): void {
  window.holdoutLookMs = new Promise((resolve) => {
    const shown = () => document.querySelector<HTMLElement>("[role=dialog] :not([inert]) > figure");
    const before = shown()?.getAttribute("aria-label");
    let startedAt = 0;
    const note = (event: Event) => {
      startedAt = event.timeStamp;
    };
    window.addEventListener("keydown", note, { capture: true, once: true });
    const observer = new MutationObserver(() => {
      const now = shown();
      if (!now || now.getAttribute("aria-label") === before || !now.querySelector("canvas[data-curves]")) return;
      observer.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - startedAt)));
    });
    observer.observe(document.body, { subtree: true, childList: true, attributes: true });
  });
}
