/** Has no main part of its own, as the shell around it has one. */
export { Nothing as default } from "@/app/_ui/parts/nothing.tsx";
