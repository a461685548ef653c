import { expectTypeOf } from 'vitest';
import {
  bytes,
  json,
  text,
  usePublish,
  useConnection,
  useDriver,
  useSignal,
  type Codec,
  type Connection,
  type ConnectionStatus,
  type Driver,
  type Schema,
  type Signal,
  type SignalEvent,
  type SignalingError,
} from '../../src/index.js';

interface Offer {
  sdp: string;
}

declare const offers: Schema<Offer>;
declare const dates: Codec<Date>;
declare const topic: string | null;

/** The latest signal: its value follows from schema, codec or type argument. */
export function Latest(): void {
  expectTypeOf(useSignal(topic)).toEqualTypeOf<Signal<unknown>>();
  expectTypeOf(useSignal<Offer>(topic).data).toEqualTypeOf<Offer | undefined>();
  expectTypeOf(useSignal(topic, { schema: offers }).data).toEqualTypeOf<Offer | undefined>();
  expectTypeOf(useSignal(topic, { codec: text }).data).toEqualTypeOf<string | undefined>();
  expectTypeOf(useSignal(topic, { codec: bytes }).data).toEqualTypeOf<Uint8Array | undefined>();
  expectTypeOf(useSignal(topic, { codec: json }).data).toBeAny();
  expectTypeOf(useSignal<Offer>(topic, { codec: json }).data).toEqualTypeOf<Offer | undefined>();
  expectTypeOf(useSignal(topic, { codec: dates }).data).toEqualTypeOf<Date | undefined>();

  const { status, error } = useSignal(topic);
  expectTypeOf(status).toEqualTypeOf<ConnectionStatus>();
  expectTypeOf(error).toEqualTypeOf<SignalingError | undefined>();

  // @ts-expect-error a topic is a string or null
  useSignal(undefined);
  // @ts-expect-error a topic is one string
  useSignal(['a', 'b']);
  // @ts-expect-error this schema gives another value
  useSignal<Date>(topic, { schema: offers });
  // @ts-expect-error no such option
  useSignal(topic, { scheme: offers });
}

/** Every signal: the handler gets the value and the event, and the hook returns nothing. */
export function Every(): void {
  expectTypeOf(useSignal(topic, () => {})).toBeVoid();
  useSignal(topic, (value, event) => {
    expectTypeOf(value).toBeUnknown();
    expectTypeOf(event).toEqualTypeOf<SignalEvent>();
  });
  useSignal<Offer>(topic, (value) => expectTypeOf(value).toEqualTypeOf<Offer>());
  useSignal(topic, (value: Offer) => expectTypeOf(value).toEqualTypeOf<Offer>());
  useSignal(topic, (value) => expectTypeOf(value).toEqualTypeOf<Offer>(), { schema: offers });
  useSignal(topic, (value) => expectTypeOf(value).toBeString(), { codec: text });
  useSignal(topic, (value) => expectTypeOf(value).toEqualTypeOf<Uint8Array>(), { codec: bytes });
  useSignal(topic, () => {}, {
    onError: (error) => expectTypeOf(error).toEqualTypeOf<SignalingError>(),
  });

  // @ts-expect-error the codec gives strings
  useSignal(topic, (value: number) => value, { codec: text });
  // @ts-expect-error the handler comes before the options
  useSignal(topic, { schema: offers }, () => {});
}

export function Publishing(): void {
  const publish = usePublish<Offer>(topic);
  expectTypeOf(publish({ sdp: '' })).resolves.toBeVoid();
  void publish({ sdp: '' }, { type: 'offer', private: true, keepalive: true });
  void usePublish(topic)('anything');
  expectTypeOf(usePublish(topic, { codec: text }))
    .parameter(0)
    .toBeString();
  expectTypeOf(usePublish(topic, { codec: dates }))
    .parameter(0)
    .toEqualTypeOf<Date>();

  // @ts-expect-error no Offer
  void publish({ sdp: 1 });
  // @ts-expect-error no such option
  void publish({ sdp: '' }, { id: '1' });
  // @ts-expect-error the codec takes strings
  void usePublish(topic, { codec: text })(1);
}

export function Standing(): void {
  expectTypeOf(useConnection()).toExtend<Connection & { reconnect: () => void }>();
  expectTypeOf(useDriver()).toEqualTypeOf<Driver>();
  expectTypeOf(useConnection().queued).toBeNumber();
  expectTypeOf(useConnection().retryAt).toEqualTypeOf<number | undefined>();
}
