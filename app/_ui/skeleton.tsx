/** A grey shape where something will stand. */
export function Skeleton({ className }: { className: string }) {
  return <div aria-hidden className={`animate-pulse rounded bg-hover ${className}`} />;
}
