"use client";
export { ErrorPage as default } from "./_ui/shell/error-page.tsx";
