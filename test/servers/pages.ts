import { createServer } from 'vite';

/** Serves pages with nothing but a script of this repository; `undefined`: without one. */
export async function servePages(scripts: Record<string, string | undefined>) {
  const vite = await createServer({
    configFile: false,
    appType: 'custom',
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0, ws: false, watch: null },
    optimizeDeps: { entries: Object.values(scripts).filter((script) => script !== undefined) },
    plugins: [
      {
        name: 'pages',
        configureServer({ middlewares }) {
          middlewares.use((request, response, next) => {
            const { pathname } = new URL(request.url!, 'http://localhost');
            if (!(pathname in scripts)) return next();
            const script = scripts[pathname];
            response.setHeader('Content-Type', 'text/html');
            response.end(
              `<!doctype html>${script ? `<script type="module" src="/${script}"></script>` : ''}`,
            );
          });
        },
      },
    ],
  });
  await vite.listen();
  return { origin: new URL(vite.resolvedUrls!.local[0]!).origin, close: () => vite.close() };
}
