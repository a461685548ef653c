const ENTRIES = ['', '/driver', '/call', '/components', '/query', '/hub', '/testing'];

test.each(ENTRIES)('imports react-signaling%s', async (entry) => {
  expect(Object.keys(await import(`react-signaling${entry}`))).not.toHaveLength(0);
});
