import { setMaxListeners } from "node:events";

// Many parts of one view hang from one signal on purpose; browsers have no such limit.
setMaxListeners(0);
