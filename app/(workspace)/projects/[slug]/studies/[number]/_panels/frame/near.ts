import { type RefObject, useEffect, useRef, useState } from "react";

/** Beyond the window's edges: what a wheel turn brings into sight is there by then. */
const MARGIN = "600px";

/** Whether an element has been near the window: what is far below needn't be drawn before it is asked for. On paper all are. */
export function useNear<Element extends HTMLElement>(): [RefObject<Element | null>, boolean] {
  const ref = useRef<Element>(null);
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    const now = () => setNear(true);
    const observer = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && now(),
      {
        rootMargin: MARGIN,
      },
    );
    if (ref.current) observer.observe(ref.current);
    window.addEventListener("beforeprint", now);
    return () => {
      observer.disconnect();
      window.removeEventListener("beforeprint", now);
    };
  }, []);
  return [ref, isNear];
}
