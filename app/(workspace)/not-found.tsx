/** Within the shell, which has a main part already. */
export { Nothing as default } from "@/app/_ui/parts/nothing.tsx";
