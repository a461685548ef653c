import { usePresence } from 'react-signaling';

const topic = 'https://example.com/office/presence';

export function Office({ name }: { name: string }) {
  const { self, others, update } = usePresence(topic, { name, away: false });
  return (
    <>
      <ul aria-label="In the office">
        <li>{name} (you)</li>
        {others.map(({ id, data }) => (
          <li key={id}>
            {data.name}
            {data.away && ' is away'}
          </li>
        ))}
      </ul>
      <label>
        <input
          type="checkbox"
          checked={self?.data.away ?? false}
          onChange={(event) => update({ away: event.target.checked })}
        />
        Away
      </label>
    </>
  );
}
