/** What menus are made of, apart so that it can come later. */
export { DropdownMenu } from "radix-ui";
