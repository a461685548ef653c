import { Call, LocalMediaSource } from 'react-signaling/call';
import { SseDriver } from 'react-signaling/driver';

const media = new LocalMediaSource({ camera: false });
const call = new Call({ driver: new SseDriver(), room: 'https://example.com/rooms/1' });
call.setName('Ada');
media.onChange(() => call.setMedia(media.state));
call.onChange(() => console.log(call.state.peers.map(({ name, state }) => `${name}: ${state}`)));
media.open();
call.join();
