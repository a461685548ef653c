// Serves the page, and the hub beside it.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createHub, toNodeHandler } from 'react-signaling/hub';

const page = readFileSync(new URL('index.html', import.meta.url));
const answerAsHub = toNodeHandler(createHub({ openToAll: true }));

const server = createServer((request, response) =>
  answerAsHub(request, response, () => {
    response.writeHead(request.url === '/' ? 200 : 404, { 'Content-Type': 'text/html' });
    response.end(request.url === '/' ? page : 'Not found');
  }),
);
server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/`);
});
