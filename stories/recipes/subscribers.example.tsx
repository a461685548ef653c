import { useEffect, useState } from 'react';
import { readMercureLink, useSignal } from 'react-signaling';

type Version = '0.x' | '1.0';
type Subscription = { id: string; active: boolean; payload?: { name: string } };
type Known = { subscriptions: Subscription[]; since?: string | undefined };

/** Where the hub lists who subscribes to a topic, and where it announces who comes and goes. */
function pathsOf(topic: string, version: Version) {
  const type = version === '1.0' ? '/exact' : '';
  const list = `/.well-known/mercure/subscriptions${type}/${encodeURIComponent(topic)}`;
  const changes = version === '1.0' ? { pattern: `${list}/:subscriber` } : `${list}/{subscriber}`;
  return { list, changes };
}

async function fetchKnown(list: string, token: string): Promise<Known> {
  const response = await fetch(list, { headers: { Authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`The hub does not tell who subscribes: ${response.status}`);
  const { subscriptions, lastEventID } = await response.json();
  // The announcements go on behind this id. 1.0 has it in a header.
  return { subscriptions, since: lastEventID ?? readMercureLink(response).lastEventId };
}

export function Subscribers(props: { topic: string; version: Version; token: string }) {
  const { topic, version, token } = props;
  const { list, changes } = pathsOf(topic, version);
  const { status } = useSignal(topic);
  const [{ subscriptions, since }, setKnown] = useState<Known>({ subscriptions: [] });
  // Again after each outage: a hub that was killed does not announce who is gone.
  useEffect(() => {
    let show = status === 'open' ? setKnown : undefined;
    if (show) fetchKnown(list, token).then((known) => show?.(known), console.error);
    return () => (show = undefined);
  }, [status, list, token]);
  const merge = (change: Subscription) =>
    setKnown(({ subscriptions, since }) => {
      const others = subscriptions.filter(({ id }) => id !== change.id);
      return { subscriptions: change.active ? [...others, change] : others, since };
    });
  useSignal(since ? changes : null, merge, { since, encoding: 'text' });
  const names = subscriptions.map(({ payload }) => payload?.name ?? 'somebody');
  return <p role="status">{`${names.length}: ${names.join(', ')}`}</p>;
}
