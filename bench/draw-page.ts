/** What runs in the page while drawing is measured. Each function stands alone: it is sent to the browser as text. */
import type uPlot from "uplot";

declare global {
  interface Window {
    uPlot: typeof uPlot;
    holdoutGate: { asked: number; held: number; close: () => void; open: () => void };
    holdoutTasks: { startedAt: number; ms: number }[];
    holdoutChangeMs: Promise<number>;
  }
}

export type Drawn = { curvesMs: number; completeMs: number; laterTaskMs: number };

/** Answers with points are held back, whole, until the gate opens: the network has no part in what is measured then. */
export function holdPoints(): void {
  const ask = window.fetch;
  let opened: Promise<void> = Promise.resolve();
  const gate = {
    asked: 0,
    held: 0,
    close: () => {
      gate.asked = gate.held = 0;
      opened = new Promise((resolve) => {
        gate.open = resolve;
      });
    },
    open: () => {},
  };
  window.holdoutGate = gate;
  window.fetch = async (input, init) => {
    if (!/\/(points|metrics)\?/.test(String(input))) return ask(input, init);
    gate.asked++;
    try {
      const response = await ask(input, init);
      if (!response.ok) {
        gate.asked--;
        return response;
      }
      const body = await response.arrayBuffer();
      gate.held++;
      await opened;
      return new Response(body, { headers: response.headers });
    } catch (error) {
      // a chart that gets another width asks again, and ends what it asked before
      gate.asked--;
      throw error;
    }
  };
  window.holdoutTasks = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      window.holdoutTasks.push({ startedAt: startTime, ms: duration });
  }).observe({ type: "longtask" });
}

/** Opens the gate; until the charts have their curves, and their axes, two frames later each. */
export async function measureCharts({ charts, curves }: { charts: number; curves: number }): Promise<Drawn> {
  const frames = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const until = async (isThere: () => boolean) => {
    if (!isThere())
      await new Promise<void>((resolve) => {
        const observer = new MutationObserver(() => {
          if (!isThere()) return;
          observer.disconnect();
          resolve();
        });
        observer.observe(document.body, { subtree: true, childList: true, attributes: true });
      });
    const at = performance.now();
    await frames();
    return { at, shownAt: performance.now() };
  };
  const startedAt = performance.now();
  window.holdoutGate.open();
  const [drawn, complete] = await Promise.all([
    until(() => document.querySelectorAll(`figure canvas[data-curves="${curves}"]`).length === charts),
    until(() => document.querySelectorAll("figure canvas[data-ticks]").length === charts),
  ]);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const later = window.holdoutTasks.filter((task) => task.startedAt >= drawn.at);
  return {
    curvesMs: drawn.shownAt - startedAt,
    completeMs: complete.shownAt - startedAt,
    laterTaskMs: Math.max(0, ...later.map(({ ms }) => ms)),
  };
}

/** Sets `holdoutChangeMs`: from the next event `type` until the first chart shows something else, two frames later. */
export function watchChange(type: string): void {
  window.holdoutChangeMs = new Promise((resolve) => {
    let startedAt = 0;
    window.addEventListener(
      type,
      (event) => {
        startedAt = event.timeStamp;
      },
      { capture: true, once: true },
    );
    const observer = new MutationObserver(() => {
      if (startedAt === 0) return;
      observer.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - startedAt)));
    });
    observer.observe(document.querySelector("figure canvas[data-curves]")!, {
      attributes: true,
      attributeFilter: ["data-range", "data-curves"],
    });
  });
}

type Panels = { panels: number[][][]; width: number; height: number; colors: readonly string[]; css: string };

/** The same curves by uPlot with its own defaults, in panels of the same size, over the page. */
export async function measureUplot({ panels, width, height, colors, css }: Panels) {
  const frames = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
  const place = document.createElement("div");
  place.style.cssText = "position:fixed;inset:0;z-index:99;background:white;overflow:hidden";
  document.body.append(place);
  const data = panels.map((curves) => [curves[0]!.map((_, step) => step), ...curves] as uPlot.AlignedData);
  await frames();
  const timed = async (work: () => void) => {
    const startedAt = performance.now();
    work();
    await frames();
    return performance.now() - startedAt;
  };
  const series = [{}, ...panels[0]!.map((_, index) => ({ stroke: colors[index % colors.length] }))];
  const options = { width, height, series, scales: { x: { time: false } }, legend: { show: false } };
  const plots: uPlot[] = [];
  const firstMs = await timed(() => {
    for (const one of data) plots.push(new window.uPlot(options as uPlot.Options, one, place));
  });
  const zoomMs = await timed(() => {
    for (const plot of plots) plot.setScale("x", { min: 180, max: 420 });
  });
  const toggleMs = await timed(() => plots[0]!.setSeries(1, { show: false }));
  for (const plot of plots) plot.destroy();
  place.remove();
  return { firstMs, zoomMs, toggleMs };
}
