export { keyList } from "../ui/kit/keyList.ts";
