import { describe, expect, it } from 'vitest';
import { readMercureLink } from '../../src/mercure/index.js';

const URL_OF_PAGE = 'https://example.com/books/1';

function read(link: string | undefined, url = URL_OF_PAGE) {
  return readMercureLink({ headers: new Headers(link === undefined ? {} : { Link: link }), url });
}

describe('the link of a resource to its hub', () => {
  it('names hub, topic and last event', () => {
    const link =
      '<https://hub.example.com/.well-known/mercure>; rel="mercure"; last-event-id="urn:uuid:1", <https://example.com/topics/1>; rel="self"';
    expect(read(link)).toEqual({
      hub: 'https://hub.example.com/.well-known/mercure',
      topic: 'https://example.com/topics/1',
      lastEventId: 'urn:uuid:1',
    });
  });

  it('that is missing gives no hub, and the URL as topic', () => {
    const nothing = { hub: undefined, topic: URL_OF_PAGE, lastEventId: undefined };
    expect(read(undefined)).toEqual(nothing);
    expect(read('')).toEqual(nothing);
    expect(read('<https://example.com/style.css>; rel=preload; as=style')).toEqual(nothing);
    expect(read('nonsense, <unclosed; rel="mercure"')).toEqual(nothing);
    expect(read(undefined, '')).toEqual({ ...nothing, topic: undefined });
  });

  it('may be relative to the resource', () => {
    expect(read('</.well-known/mercure>; rel=mercure, <./2>; rel=self')).toMatchObject({
      hub: 'https://example.com/.well-known/mercure',
      topic: 'https://example.com/books/2',
    });
  });

  it.each([
    ['tokens without quotes', '<https://h.com/m>;rel=mercure;last-event-id=a-1'],
    ['several relations', '<https://h.com/m>; rel="preconnect mercure"; last-event-id="a-1"'],
    ['upper case and spaces', '<https://h.com/m> ; REL = "Mercure" ; Last-Event-ID = "a-1"'],
    [
      'a comma in a value',
      '<https://h.com/m>; title="a, b; c"; rel="mercure"; last-event-id="a-1"',
    ],
    [
      'a comma in a target',
      '<https://x.com/a,b>; rel=next, <https://h.com/m>; rel=mercure; last-event-id=a-1',
    ],
    [
      'other links around it',
      '</a>; rel=prev, <https://h.com/m>; rel=mercure; last-event-id=a-1, </b>; rel=next',
    ],
    [
      'a second hub',
      '<https://h.com/m>; rel=mercure; last-event-id=a-1, <https://other.com/m>; rel=mercure; last-event-id=b',
    ],
    [
      'a parameter that comes twice',
      '<https://h.com/m>; rel=mercure; rel=next; last-event-id=a-1; last-event-id=b',
    ],
    [
      'a parameter without a value',
      '<https://h.com/m>; crossorigin; rel=mercure; last-event-id="a\\-1"',
    ],
  ])('is read with %s', (_, link) => {
    expect(read(link)).toMatchObject({ hub: 'https://h.com/m', lastEventId: 'a-1' });
  });

  it('keeps a topic as it is written', () => {
    const link = '<https://example.com/Bücher/{id}>; rel="self"';
    const headers = { get: () => link } as unknown as Headers;
    expect(readMercureLink({ headers, url: URL_OF_PAGE }).topic).toBe(
      'https://example.com/Bücher/{id}',
    );
    expect(read('<urn:books:1>; rel="self"').topic).toBe('urn:books:1');
  });

  it('without a last event names none', () => {
    expect(read('</m>; rel=mercure').lastEventId).toBeUndefined();
    expect(read('</m>; rel=mercure; last-event-id=""').lastEventId).toBeUndefined();
  });
});
