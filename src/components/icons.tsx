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
  leave:
    'M3.6 15.6c-1-1-.9-2.5 0-3.4a12 12 0 0 1 16.8 0c.9.9 1 2.4 0 3.4l-.8.8c-.5.5-1.2.6-1.8.2l-2.3-1.3a1.4 1.4 0 0 1-.7-1.4l.2-1.5a9 9 0 0 0-6 0l.2 1.5a1.4 1.4 0 0 1-.7 1.4l-2.3 1.3c-.6.4-1.3.3-1.8-.2Z',
  sound: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5ZM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11',
};

/** A drawing in the colour of the text; what it means must be said by what surrounds it. */
export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg className="rs-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
