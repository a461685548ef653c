import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { useOptimisticPublish, useSignalQuery } from 'react-signaling/query';

interface Task {
  id: string;
  title: string;
}

const topic = 'https://example.com/tasks';
const queryKey = ['tasks'];
const queryClient = new QueryClient();

// Stands in for a server, which keeps what it hears from the hub.
const kept: Task[] = [];
const fetchTasks = async () => [...kept];

/** Adds a task, or replaces the one with its id. */
const put = (tasks: Task[], task: Task) => [...tasks.filter(({ id }) => id !== task.id), task];

export function TaskList() {
  return (
    <QueryClientProvider client={queryClient}>
      <Tasks />
    </QueryClientProvider>
  );
}

function Tasks() {
  const { data = [] } = useQuery({ queryKey, queryFn: fetchTasks });
  useSignalQuery(topic, { queryKey, update: put });
  const { mutate, isPending, error } = useOptimisticPublish(topic, {
    queryKey,
    update: put,
    onSuccess: (_, task) => void kept.push(task),
  });
  return (
    <>
      <ul aria-label="Tasks">
        {data.map(({ id, title }) => (
          <li key={id}>{title}</li>
        ))}
      </ul>
      <button onClick={() => mutate({ id: crypto.randomUUID(), title: 'Water the plants' })}>
        Add a task
      </button>
      <p role="status">{error?.message ?? (isPending ? 'Sending…' : 'Saved')}</p>
    </>
  );
}
