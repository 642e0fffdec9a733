import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pinnedNode, root } from './paths.mjs'
import { filesBelow, hashFiles, hasStamp, writeStamp } from './stamp.mjs'

const stampFile = resolve(root, 'node_modules/.quimbi-console')
const isTest = /\.test\.tsx?$/

const wanted = () =>
  hashFiles(root, [
    resolve(root, 'package-lock.json'),
    // What the page's policy takes, and where the gateway puts its nonce.
    resolve(root, 'gateway/src/console/policy.ts'),
    ...['package.json', 'index.html', 'vite.config.ts'].map((file) => resolve(root, 'console', file)),
    ...['console/src', 'console/public', 'console/build', 'packages/live/src'].flatMap((folder) =>
      filesBelow(resolve(root, folder), (name) => !isTest.test(name)),
    ),
  ])

/**
 * The console as browsers load it.
 * @type {import('./step.mjs').Step}
 */
export const consoleStep = {
  title: 'Building the console',
  isDone: () => hasStamp(stampFile, wanted()) && existsSync(resolve(root, 'console/dist/index.html')),
  markDone: () => writeStamp(stampFile, wanted()),
  command: pinnedNode,
  args: ['node_modules/vite/bin/vite.js', 'build', 'console', '--logLevel', 'warn'],
  env: { ...process.env, NODE_ENV: 'production' },
  hint: 'Mend the file named above, or start without the console: CONSOLE_DIR=off.',
}

/**
 * Whether an entry serves the console built here, and not another or none.
 * @param {string} entry
 */
export const servesConsole = (entry) =>
  ['scripts/start.ts', 'scripts/start-services.ts'].includes(entry) && !process.env['CONSOLE_DIR']
