import { useMemo, useSyncExternalStore } from 'react';
import type { TestStream } from './testPicture.js';

const NONE: readonly MediaStream[] = [];

/** Some streams, for as long as the component is mounted. `create` has to stay the same. */
export function useTestStreams(
  count: number,
  create: (index: number) => TestStream,
): readonly MediaStream[] {
  const streams = useMemo(() => new TestStreams(count, create), [count, create]);
  return useSyncExternalStore(streams.subscribe, streams.read);
}

class TestStreams {
  readonly #count: number;
  readonly #create: (index: number) => TestStream;
  #streams = NONE;

  constructor(count: number, create: (index: number) => TestStream) {
    this.#count = count;
    this.#create = create;
  }

  readonly read = () => this.#streams;

  readonly subscribe = (onChange: () => void) => {
    const made = Array.from({ length: this.#count }, (_, index) => this.#create(index));
    this.#streams = made.map(({ stream }) => stream);
    onChange();
    return () => {
      made.forEach(({ stop }) => stop());
      this.#streams = NONE;
    };
  };
}
