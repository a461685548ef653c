const MICROPHONE =
  'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3ZM6 11a6 6 0 0 0 12 0M12 17v4';
const CAMERA =
  'M4.5 6h8A1.5 1.5 0 0 1 14 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-8A1.5 1.5 0 0 1 3 16.5v-9A1.5 1.5 0 0 1 4.5 6ZM14 11l6.5-4v10L14 13';
const OFF = 'M4 3l16 18';

const PATHS = {
  microphone: MICROPHONE,
  'microphone-off': MICROPHONE + OFF,
  camera: CAMERA,
  'camera-off': CAMERA + OFF,
  screen: 'M4 4h16v12H4ZM9 20h6M12 13V7.5M9.5 10 12 7.5l2.5 2.5',
  hand: 'M7 12V6a1.5 1.5 0 0 1 3 0V4.5a1.5 1.5 0 0 1 3 0V6a1.5 1.5 0 0 1 3 0v2a1.5 1.5 0 0 1 3 0v6a7 7 0 0 1-12.6 4.2L3.6 14a1.6 1.6 0 0 1 2.5-2L7 13M10 6v5M13 6v5M16 8v3',
  chat: 'M4 5h16v11h-9l-4 4v-4H4ZM8 9.5h8M8 12.5h5',
  leave:
    'M3.6 15.6c-1-1-.9-2.5 0-3.4a12 12 0 0 1 16.8 0c.9.9 1 2.4 0 3.4l-.8.8c-.5.5-1.2.6-1.8.2l-2.3-1.3a1.4 1.4 0 0 1-.7-1.4l.2-1.5a9 9 0 0 0-6 0l.2 1.5a1.4 1.4 0 0 1-.7 1.4l-2.3 1.3c-.6.4-1.3.3-1.8-.2Z',
  sound: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5ZM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11',
  pin: 'M9 4h6l-.8 6 2.8 3v1.5H7V13l2.8-3ZM12 14.500V20',
  'picture-in-picture': 'M4 5h16v14H4ZM12 12h5v4h-5Z',
  weak: 'M6 18v-3M12 18v-7M18 18V7',
  send: 'M4.500 12 20 4.500l-4.500 15-4-6.500ZM11.500 13 20 4.500',
  close: 'M6 6l12 12M18 6L6 18',
  down: 'M7 10l5 5 5-5',
};

export type IconName = keyof typeof PATHS;

/** A drawing in the colour of the text. What it means must be said by what surrounds it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="rs-icon" data-icon={name} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
