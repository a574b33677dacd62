#!/usr/bin/env node
// Runs the trainer's TypeScript through tsx, from whichever folder it is called.
import { register } from "tsx/esm/api";

register();
await import("./src/main.ts");
