export { MemoryDriver, MemoryHub } from '../driver/index.js';
export type { Disruption, Hub, HubOptions, JwtKey } from '../hub/index.js';
export type { RunningHub } from '../hub/serve.js';
export { startHub, type StartHubOptions } from './startHub.js';
