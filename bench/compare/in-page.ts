/** What runs in the page while a comparison is measured. Each function stands alone: it is sent to the browser as text. */

/** Since the navigation: until every chart in sight has its curves and its axes, two frames later. */
export async function chartsInSight(): Promise<number> {
  const figures = () =>
    [...document.querySelectorAll("figure")].filter((figure) => {
      const { top, bottom, height } = figure.getBoundingClientRect();
      return height > 0 && bottom > 0 && top < window.innerHeight;
    });
  const areDrawn = () => {
    const all = figures();
    const isDrawn = (figure: Element) =>
      figure.querySelector('canvas[data-curves]:not([data-curves="0"])') && figure.querySelector("canvas[data-ticks]");
    return all.length > 0 && all.every(isDrawn);
  };
  if (!areDrawn())
    await new Promise<void>((resolve) => {
      const observer = new MutationObserver(() => {
        if (!areDrawn()) return;
        observer.disconnect();
        resolve();
      });
      observer.observe(document.body, { subtree: true, childList: true, attributes: true });
    });
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  return performance.now();
}

/** From the last byte of the page until parallel coordinates have their lines and importance its figures. */
export async function explored(): Promise<{ drawnMs: number; sinceNavigationMs: number }> {
  const hasLines = () => {
    const canvas = document.querySelector<HTMLCanvasElement>('[data-testid="parallel-all"]');
    if (!canvas || canvas.width === 0) return false;
    const column = canvas.getContext("2d")!.getImageData(Math.floor(canvas.width / 2), 0, 1, canvas.height).data;
    return column.some((value) => value > 0);
  };
  const isThere = () => document.querySelector('[data-testid="importance"]') !== null && hasLines();
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  while (!isThere()) await frame();
  await frame();
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const now = performance.now();
  return { drawnMs: now - navigation!.responseEnd, sinceNavigationMs: now };
}

/** Begins to note how long each frame takes. */
export function watchFrames(): void {
  const frames: number[] = [];
  let before: number | null = null;
  const note = (now: number) => {
    if (before !== null) frames.push(now - before);
    before = now;
    requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
  Object.assign(window, { holdoutFrames: frames });
}
