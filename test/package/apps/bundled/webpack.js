import webpack from 'webpack';

const options = {
  mode: 'production',
  entry: { page: './src/page.js', service: './src/worker.js' },
  output: { path: process.argv[2] },
  performance: { hints: false },
};

webpack(options, (error, stats) => {
  if (error) throw error;
  if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString());
});
