/** Calls that come in a burst become few: the first at once, the others as one at the end of each pause. */

export type Pacer = {
  /** Asks for a call: now, or with the others once the pause is over and the call before has ended. */
  ask: () => void;
  /** Forgets what was asked for. */
  stop: () => void;
};

/** `work` runs at most once in `pauseMs`, never beside itself, and always once after the last `ask`. */
export function pace(work: () => unknown, pauseMs: number): Pacer {
  let busy = false;
  let wanted = false;
  let stopped = false;
  const run = async () => {
    busy = true;
    wanted = false;
    const pause = new Promise((resolve) => setTimeout(resolve, pauseMs));
    try {
      await work();
    } catch (error) {
      console.error("holdout: a live update failed:", error);
    }
    await pause;
    busy = false;
    if (wanted && !stopped) void run();
  };
  return {
    ask: () => {
      if (stopped) return;
      if (busy) wanted = true;
      else void run();
    },
    stop: () => {
      stopped = true;
    },
  };
}
