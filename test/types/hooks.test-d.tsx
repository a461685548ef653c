import { expectTypeOf } from 'vitest';
import {
  bytes,
  json,
  sealed,
  text,
  usePresence,
  usePublish,
  useConnection,
  useDriver,
  useSignal,
  useSignals,
  useTyping,
  type Codec,
  type Connection,
  type Status,
  type Driver,
  type Member,
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
  expectTypeOf(useSignal(topic, { codec: sealed(new Uint8Array(16), text) }).data).toEqualTypeOf<
    string | undefined
  >();
  expectTypeOf(useSignal<Offer>(topic, { codec: sealed([]) }).data).toEqualTypeOf<
    Offer | undefined
  >();
  expectTypeOf(useSignal(topic, { codec: dates }).data).toEqualTypeOf<Date | undefined>();

  const { status, error } = useSignal(topic);
  expectTypeOf(status).toEqualTypeOf<Status>();
  expectTypeOf(error).toEqualTypeOf<SignalingError | undefined>();

  useSignal(['a', { template: 'https://example.com/books/{id}' }, { pattern: '/books/:id' }]);
  // @ts-expect-error a text is no secret: it is a passphrase
  sealed('secret');
  // @ts-expect-error a topic is not undefined
  useSignal(undefined);
  // @ts-expect-error a selector is one of both
  useSignal({ template: 'a', pattern: 'b' });
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

/** A list: its values follow from schema, codec or type argument. */
export function List(): void {
  expectTypeOf(useSignals(topic).signals).toEqualTypeOf<readonly unknown[]>();
  expectTypeOf(useSignals(topic, { schema: offers }).signals).toEqualTypeOf<readonly Offer[]>();
  useSignals<Offer>(topic, { since: 'earliest', last: 10, by: ({ sdp }) => sdp });
  useSignal<Offer>(topic, (_, { past }) => expectTypeOf(past).toBeBoolean(), { since: 'urn:id' });
  // @ts-expect-error -- an id is a string
  useSignals(topic, { since: 7 });
}

interface User {
  name: string;
  color?: string;
}

export function Present(): void {
  const { self, others, update, status, error } = usePresence<User>(topic, { name: 'Ada' });
  expectTypeOf(self).toEqualTypeOf<Member<User> | undefined>();
  expectTypeOf(others).toEqualTypeOf<readonly Member<User>[]>();
  expectTypeOf(status).toEqualTypeOf<Status>();
  expectTypeOf(error).toEqualTypeOf<SignalingError | undefined>();
  expectTypeOf(update).parameter(0).toEqualTypeOf<Partial<User>>();
  usePresence(topic, { name: 'Ada' }, { by: ({ data }) => data.name, codec: sealed([]) });
  expectTypeOf(usePresence<User>(topic, null).others[0]!.data).toEqualTypeOf<User>();

  // @ts-expect-error the data of a member is an object
  usePresence(topic, 'Ada');
  // @ts-expect-error no such field
  update({ age: 1 });
  // @ts-expect-error no such option
  usePresence(topic, null, { mode: 'auto' });
}

export function TypingUsers(): void {
  const { typing, notify, stop } = useTyping<User>(topic, { name: 'Ada' });
  expectTypeOf(typing).toEqualTypeOf<readonly Member<User>[]>();
  expectTypeOf(notify).toEqualTypeOf<() => void>();
  expectTypeOf(stop).toEqualTypeOf<() => void>();
}
