"use client";
/** Parts of a page whose script is fetched once somebody reaches for them: few are ever opened. */
import { type ComponentType, useEffect, useEffectEvent, useState } from "react";
import { useToast } from "./toast.tsx";

/** Said where the network is away, and where the server has another version than the page by now. */
export const NOT_FETCHED = "This could not be fetched from the server. Try again, or load the page anew.";

/** What is shown once it is there. Where it can't be fetched a toast says so, and it closes; the next try fetches anew. */
export function fetched<Props extends { onClose: () => void }>(load: () => Promise<ComponentType<Props>>) {
  let known: ComponentType<Props> | null = null;
  const fetchPart = async () => {
    known ??= await load();
    return known;
  };
  function Fetched(props: Props) {
    const [Part, setPart] = useState<ComponentType<Props> | null>(() => known);
    const toast = useToast();
    const fail = useEffectEvent(() => {
      toast({ title: NOT_FETCHED, tone: "danger" });
      props.onClose();
    });
    useEffect(() => {
      let over = false;
      fetchPart().then(
        (part) => over || setPart(() => part),
        () => over || fail(),
      );
      return () => {
        over = true;
      };
    }, []);
    return Part && <Part {...props} />;
  }
  /** Fetches it for whoever may open it soon; whoever opens it is told of a failure. */
  const prepare = () => void fetchPart().catch(() => {});
  return Object.assign(Fetched, { prepare });
}
