import { expectTypeOf } from 'vitest';
import type { ComponentProps } from 'react';
import {
  useCall,
  useCallMessages,
  useLocalMedia,
  type Peer,
  type Schema,
} from '../../src/index.js';
import {
  CallChat,
  CallControls,
  DeviceMenu,
  VideoCall,
  VideoTile,
  type CallLabels,
} from '../../src/components/index.js';

declare const numbers: Schema<number>;

/** What the hooks give is what the components take. */
export function Page() {
  const media = useLocalMedia();
  const call = useCall({ room: 'room', media });
  const { messages, send } = useCallMessages<string>(call, 'chat');
  return (
    <>
      <CallControls media={media} onLeave={call.leave} className="mine" aria-label="Buttons" />
      <CallChat messages={messages} send={send} />
      <DeviceMenu device={media.speaker} aria-label="Speaker" />
      {call.peers.map((peer) => (
        <VideoTile key={peer.id} peer={peer} quality="poor" labels={{ guest: 'Gast' }} />
      ))}
    </>
  );
}

/** A schema says of what type messages are. */
export function Schemas(): void {
  const { messages, send } = useCallMessages(useCall({ room: null }), 'n', { schema: numbers });
  expectTypeOf(messages[0]!.body).toEqualTypeOf<number>();
  expectTypeOf(send).parameter(0).toEqualTypeOf<number>();
}

/** What cannot work does not compile. */
export function Mistakes() {
  expectTypeOf<ComponentProps<typeof VideoCall>['tile']>()
    .extract<Function>()
    .parameter(0)
    .toEqualTypeOf<Peer>();
  expectTypeOf<keyof CallLabels>().extract<'full'>().toEqualTypeOf<'full'>();
  return (
    <>
      {/* @ts-expect-error a call has a room */}
      <VideoCall name="Ada" />
      {/* @ts-expect-error there is no such label */}
      <VideoCall room="room" labels={{ hangUp: 'Auflegen' }} />
      {/* @ts-expect-error there is no such quality */}
      <VideoTile quality="great" />
      {/* @ts-expect-error `children` are its own */}
      <DeviceMenu device={useLocalMedia().camera}>x</DeviceMenu>
    </>
  );
}
