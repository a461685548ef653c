import { execFile } from 'node:child_process';

/** Runs a command of this project, and rejects with what it printed if it fails. */
export function runCommand(command: string, ...args: string[]): Promise<void> {
  // Not as a test run: what is built is for people.
  const { VITEST: _, NODE_ENV: __, ...env } = process.env;
  return new Promise((resolve, reject) => {
    execFile(command, args, { env }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stdout}\n${stderr}`));
      else resolve();
    });
  });
}
