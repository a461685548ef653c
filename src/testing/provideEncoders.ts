interface Encoders {
  TextEncoder: typeof TextEncoder;
  TextDecoder: typeof TextDecoder;
}

/** Gives Node's encoders to Jest's jsdom, which has none. Elsewhere nothing happens. */
export function provideEncoders(): void {
  if (typeof TextEncoder === 'function') return;
  const { TextEncoder: encoder, TextDecoder: decoder } = fromNode('node:util') as Encoders;
  Object.assign(globalThis, { TextEncoder: encoder, TextDecoder: decoder });
}

/** A module of Node, without an import that a bundler for browsers would look at. */
export function fromNode(name: string): unknown {
  return process.getBuiltinModule(name);
}
