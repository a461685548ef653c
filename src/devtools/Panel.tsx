'use client';

import { useMemo, useSyncExternalStore, type ReactElement } from 'react';
import { describeBytes } from './describeBytes.js';
import type { Breakage, InspectedDriver, Inspection } from './InspectedDriver.js';
import type { LoggedSignal } from './SignalLog.js';

/** How often the panel looks whether there is something new, in ms. */
const INTERVAL = 250;
/** How many signals are listed. */
const LISTED = 50;
/** What the button "Delay" adds, in ms. */
const DELAY = 1_000;

interface PanelProps {
  driver: InspectedDriver;
  className: string;
  onClose: (() => void) | undefined;
}

export function Panel({ driver, className, onClose }: PanelProps): ReactElement {
  const { connection, topics, problems, signals } = useInspection(driver);
  const { status, error, attempt, queued } = connection;
  return (
    <section className={className} aria-label="Signaling devtools">
      <header>
        <p className="state">
          <strong>Signaling: {status}</strong>{' '}
          <span className="quiet">
            {attempt > 0 && `attempt ${attempt} `}
            {queued > 0 && `${queued} queued`}
          </span>
        </p>
        <BreakingButtons driver={driver} />
        <button type="button" onClick={() => driver.reconnect()}>
          Reconnect
        </button>
        <button type="button" onClick={() => driver.clear()}>
          Clear
        </button>
        {onClose && (
          <button type="button" onClick={onClose}>
            Close
          </button>
        )}
      </header>
      <div className="scroll" tabIndex={0} role="group" aria-label="What was seen">
        {error && <p className="long">{error.message}</p>}
        <TopicTable topics={topics} />
        {problems.length > 0 && (
          <>
            <h2>Gaps and errors</h2>
            <ol>
              {problems.map(({ at, code, text }, index) => (
                <li key={`${at} ${index}`}>
                  <span className="time">{timeOf(at)}</span>
                  <span className="mark">{code}</span>
                  <span className="long">{text}</span>
                </li>
              ))}
            </ol>
          </>
        )}
        <h2>Signals</h2>
        {signals.length === 0 && <p className="quiet">None yet.</p>}
        <ol>
          {signals.map((signal) => (
            <Signal key={signal.number} signal={signal} />
          ))}
        </ol>
      </div>
    </section>
  );
}

/** Props of {@link BreakingButtons}. */
export interface BreakingButtonsProps {
  /** What `inspect()` returned. */
  driver: InspectedDriver;
}

/** Buttons that cut the connection of an inspected driver, delay what passes, and refuse it. */
export function BreakingButtons({ driver }: BreakingButtonsProps): ReactElement {
  const { breakage } = useInspection(driver);
  const toggle = (label: string, pressed: boolean, change: Breakage): ReactElement => (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={() => driver.break({ ...breakage, ...change })}
    >
      {label}
    </button>
  );
  const { cut, delay, refuse } = breakage;
  return (
    <span role="group" aria-label="Break it">
      {toggle('Cut', cut, { cut: !cut })}{' '}
      {toggle('Delay', delay > 0, { delay: delay > 0 ? 0 : DELAY })}{' '}
      {toggle('Refuse', refuse, { refuse: !refuse })}
    </span>
  );
}

function TopicTable({ topics }: Pick<Inspection, 'topics'>): ReactElement {
  if (topics.length === 0) return <p className="quiet">Nobody listens.</p>;
  return (
    <div className="table">
      <table>
        <thead>
          <tr>
            {['Topic', 'Status', 'Handlers', 'Signals', 'Cursor'].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {topics.map(({ name, status, handlers, signals, cursor }) => (
            <tr key={name}>
              <td className="long">{name}</td>
              <td>{status}</td>
              <td>{handlers}</td>
              <td>{signals}</td>
              <td className="long quiet">{cursor ?? 'none'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Signal({ signal }: { signal: LoggedSignal }): ReactElement {
  const { at, direction, topic, type, own, bytes } = signal;
  const { text, isSealed } = useMemo(() => describeBytes(bytes), [bytes]);
  return (
    <li>
      <span className="time">{timeOf(at)}</span>
      <span className="way">{direction === 'out' ? 'published' : own ? 'own' : 'received'}</span>
      <span className="long">{topic}</span>
      {type !== 'message' && <span className="mark">{type}</span>}
      {isSealed && <span className="mark">sealed</span>}
      <code>{text}</code>
      <span className="quiet">{bytes.length} B</span>
    </li>
  );
}

/** What the driver has seen, a few times a second however much that is. */
function useInspection(driver: InspectedDriver): Inspection {
  const store = useMemo(() => new InspectionStore(driver), [driver]);
  return useSyncExternalStore(store.subscribe, store.get, store.get);
}

class InspectionStore {
  readonly #driver: InspectedDriver;
  #changes = -1;
  #snapshot: Inspection | undefined;

  constructor(driver: InspectedDriver) {
    this.#driver = driver;
  }

  readonly subscribe = (onChange: () => void): (() => void) => {
    const timer = setInterval(() => {
      if (this.#look()) onChange();
    }, INTERVAL);
    return () => clearInterval(timer);
  };

  readonly get = (): Inspection => {
    if (!this.#snapshot) this.#look();
    return this.#snapshot!;
  };

  /** @returns whether there was something new. */
  #look(): boolean {
    if (this.#driver.changes === this.#changes) return false;
    this.#changes = this.#driver.changes;
    this.#snapshot = this.#driver.inspect(LISTED);
    return true;
  }
}

function timeOf(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}
