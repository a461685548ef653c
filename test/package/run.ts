import { execFile } from 'node:child_process';
import { delimiter, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

// Vitest says NODE_ENV=test, which would build and pack the development version.
const { NODE_ENV: _, VITEST: _too, PATH = '', ...env } = process.env;

// Long enough to fetch all that the applications need, with a slow network.
const TIME_LIMIT = 10 * 60_000;

/**
 * Runs a command to its end, as `npm run` does in that folder: the commands of what is installed
 * there, or above it, are found. Returns what it printed.
 */
export async function run(folder: string, command: string, ...args: string[]): Promise<string> {
  try {
    const options = { cwd: folder, env: environmentOf(folder), timeout: TIME_LIMIT };
    return (await promisify(execFile)(command, args, options)).stdout;
  } catch (cause) {
    const { stdout, stderr } = cause as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause });
  }
}

/** The environment in which `npm run` starts a command in that folder. */
export function environmentOf(folder: string): NodeJS.ProcessEnv {
  const commands: string[] = [];
  for (let at = resolve(folder); at !== dirname(at); at = dirname(at)) {
    commands.push(join(at, 'node_modules/.bin'));
  }
  return { ...env, PATH: [...commands, PATH].join(delimiter) };
}
