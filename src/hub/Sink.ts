import type { Frame } from './Frame.js';

/** Where a stream is written to: a socket, or the body of a `Response`. */
export interface Sink {
  /** Writes a frame; `false` asks for a pause, until `StreamSource.resume()` is called. */
  write(frame: Frame): boolean;
  /** Holds back what is written until `uncork()`, so that it goes out together. */
  cork(): void;
  uncork(): void;
  /** Ends the stream cleanly. */
  end(): void;
  /** Breaks the stream off. */
  cut(): void;
}

/** What writes to a sink, and listens to it. */
export interface StreamSource {
  /** Begins to write to `sink`. */
  open(sink: Sink): void;
  /** The sink takes more. */
  resume(): void;
  /** The sink is gone. */
  leave(): void;
}
