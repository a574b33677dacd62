/** The parts of a menu. They have a file of their own, so that they load only when somebody reaches for one. */
export { DropdownMenu } from "radix-ui";
