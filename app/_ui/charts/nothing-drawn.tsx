import { Button } from "../parts/button.tsx";

type NothingDrawnProps = {
  /** Whether the server has answered. */
  isLoaded: boolean;
  /** Why it hasn't, in words. */
  error: string | null;
  /** Said where it has, and there is no point. */
  empty: string;
  onRetry: () => void;
};

/** Stands in a chart that has no curves: they are on their way, couldn't be loaded, or there are none. */
export function NothingDrawn({ isLoaded, error, empty, onRetry }: NothingDrawnProps) {
  return (
    <div className="absolute inset-0 grid place-content-center justify-items-center gap-2 px-4 text-center text-sm text-muted">
      {isLoaded ? (
        <p>{empty}</p>
      ) : error ? (
        <>
          <p role="status">Not loaded: {error}</p>
          <Button onClick={onRetry}>Try again</Button>
        </>
      ) : (
        // most are there before this could be read
        <p className="animate-[appear_100ms_400ms_backwards]">Loading…</p>
      )}
    </div>
  );
}
