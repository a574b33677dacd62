"use client";
/** Within the shell, so that the way to other pages stays. */
export { ErrorPage as default } from "@/app/_ui/shell/error-page.tsx";
