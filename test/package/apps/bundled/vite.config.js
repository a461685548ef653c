// For Vite 7 and 8. Workers are built as `iife`, which is the default.
export default {
  base: './',
  build: {
    modulePreload: false,
    rollupOptions: {
      input: { page: 'src/page.js', service: 'src/worker.js' },
      output: { entryFileNames: '[name].js' },
    },
  },
};
