export { Code } from './Code.js';
export { Example } from './Example.js';
export { Entry, Reference } from './Reference.js';
