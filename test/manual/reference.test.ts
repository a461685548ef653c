import { expect, it } from 'vitest';
import { readApi } from '../../scripts/api.mjs';

const exported = readApi().flatMap((entry) => entry.exports);

const find = (name: string) => exported.find((one) => one.name === name)!;
const memberOf = (name: string, member: string) =>
  find(name).members.find((one) => one.name === member);

it('shows a union with the members of all its branches', () => {
  expect(find('UseSignalQueryOptions').code).toContain('invalidate');
  expect(memberOf('UseSignalQueryOptions', 'update')).toMatchObject({
    type: '(data: Data, signal: Signal, event: SignalEvent) => Data | undefined',
    optional: true,
    doc: expect.stringContaining('the data after this signal'),
  });
  expect(memberOf('UseSignalQueryOptions', 'invalidate')).toMatchObject({
    type: 'true | ((signal: Signal, event: SignalEvent) => boolean)',
    optional: true,
  });
  expect(memberOf('UseSignalQueryOptions', 'queryKey')).toMatchObject({ optional: false });
  expect(memberOf('SignalingProviderProps', 'driver')).toMatchObject({ type: 'Driver' });
  expect(memberOf('HubLogRecord', 'event')?.type).toContain("'publish' | 'refuse'");
});

it('shows a union with something that has no members as it is written', () => {
  expect(find('Secret')).toMatchObject({ members: [], code: expect.stringContaining('CryptoKey') });
});

it('names what is taken apart where it is declared', () => {
  const [signature] = find('useCallMessages').signatures;
  expect(signature!.parameters).toMatchObject([
    { name: 'call', type: 'CallView', optional: false },
    { name: 'channel', type: 'string', optional: false },
    { name: 'options', type: 'UseCallMessagesOptions<Body>', optional: true },
  ]);
  expect(signature!.code).toContain(
    '  options?: UseCallMessagesOptions<Body>,\n): CallMessages<Body>',
  );
  expect(memberOf('MemoryHub', 'disconnect')?.type).toBe('(outage?: Outage) => void');
  expect(memberOf('Driver', 'on')?.type).toMatch(
    /^<E extends keyof DriverEvents>\(event: E, .*=> void$/,
  );
});

it('shows no code of a function: no default, nothing taken apart', () => {
  const heads = exported.flatMap(({ signatures, members }) => [
    ...signatures.map(({ code }) => code),
    ...members.map(({ type }) => type).filter((type) => type.includes('=>')),
  ]);
  expect(heads.length).toBeGreaterThan(100);
  expect(heads.filter((head) => / = (?![^<(]*>)|\(\s*\{|this\.#/.test(head))).toEqual([]);
});

it('says something of every export and of every member', () => {
  const silent = exported.flatMap(({ name, doc, signatures, members }) => [
    ...([doc, ...signatures.map(({ doc }) => doc)].some(({ text }) => text) ? [] : [name]),
    ...members
      .filter(
        (member) => !member.doc && !member.default && /^(?!constructor)\w+$/.test(member.name),
      )
      .map((member) => `${name}.${member.name}`),
  ]);
  expect(silent).toEqual([]);
});

it('lists what is called `private`, and nothing that is', () => {
  expect(memberOf('PublishOptions', 'private')).toMatchObject({ type: 'boolean' });
  expect(memberOf('FakeMedia', 'constructor')).toBeUndefined();
});

it('keeps a default in quotes whole', () => {
  expect(memberOf('CallLabels', 'noWebRtc')).toMatchObject({
    doc: '',
    default: '“This browser cannot make calls. Try another one.”',
  });
});
