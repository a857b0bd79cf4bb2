import { say } from "../../lib/say.ts";

export const NOT_BUILT = say("notBuilt");
