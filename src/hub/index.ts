export type { Disruption } from './faults.js';
export { createHub, type Hub } from './Hub.js';
export { toNodeHandler, type NodeHandler } from './node.js';
export type { HubOptions, JwtKey } from './options.js';
