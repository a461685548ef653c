import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';

// Vitest says NODE_ENV=test, which would build and pack the development version.
const { NODE_ENV: _, VITEST: _too, ...env } = process.env;

/** Runs a command to its end, as a user would from a shell in that folder, and returns its output. */
export async function run(folder: string, command: string, ...args: string[]): Promise<string> {
  try {
    const options = { cwd: folder, env, timeout: 120_000 };
    return (await promisify(execFile)(command, args, options)).stdout;
  } catch (cause) {
    const { stdout } = cause as { stdout: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}`, { cause });
  }
}
