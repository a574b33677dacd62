import { useSyncExternalStore } from "react";
import { noTraining, readTraining, subscribeTraining, type Training } from "./training-store.ts";

/** The training of this tab, as it goes on. */
export const useTraining = (): Training => useSyncExternalStore(subscribeTraining, readTraining, noTraining);
