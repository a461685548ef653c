import { usePresence } from 'react-signaling';

const topic = 'https://example.com/team/presence';

interface User {
  id: string;
  name: string;
}

export function WhoIsOnline({ user }: { user: User }) {
  const { others, status } = usePresence(topic, user, { by: ({ data }) => data.id });
  return (
    <section aria-busy={status !== 'open'}>
      <p role="status">{others.length === 0 ? 'Only you' : `You and ${others.length} more`}</p>
      <ul>
        {others.map(({ id, data }) => (
          <li key={id}>{data.name}</li>
        ))}
      </ul>
    </section>
  );
}
