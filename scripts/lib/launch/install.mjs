import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pinnedNode, root } from './paths.mjs'
import { filesBelow, hashFiles, hasStamp, writeStamp } from './stamp.mjs'

const stampFile = resolve(root, 'node_modules/.quimbi-stamp')
const workspaces = ['gateway', 'subgraphs', 'packages', 'bench', 'console']

const wanted = () =>
  hashFiles(
    root,
    [
      resolve(root, 'package.json'),
      resolve(root, 'package-lock.json'),
      ...workspaces.flatMap((folder) => filesBelow(resolve(root, folder), (name) => name === 'package.json')),
    ],
    [process.platform, process.arch],
  )

// What an outer npm was told must not leak into this install: its prefix, workspace and omitted dependencies are not ours.
const NOT_OURS =
  /^npm_(config_(prefix|local_prefix|global|location|workspaces?|dry_run|omit|only|production|include|package_lock(_only)?|save.*|loglevel|json)$|lifecycle_|package_|command$)/i

/**
 * The packages of the lock file. `npm install` and not `npm ci`: it repairs what is there in seconds; `--no-save` keeps
 * the lock file as it is.
 * @type {import('./step.mjs').Step}
 */
export const installStep = {
  title: 'Installing packages',
  isDone: () => hasStamp(stampFile, wanted()) && existsSync(pinnedNode),
  markDone: () => writeStamp(stampFile, wanted()),
  command: process.platform === 'win32' ? 'npm.cmd' : 'npm',
  args: ['install', '--no-save', '--no-audit', '--no-fund', '--include=dev', '--include=optional', '--loglevel=warn'],
  env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !NOT_OURS.test(name))),
  problem: () =>
    existsSync(pinnedNode)
      ? null
      : [
          'The packages are installed, but the pinned Node is missing: its install script did not run.',
          'Allow install scripts (npm config get ignore-scripts) and run: npm rebuild node',
        ].join('\n'),
  hint: 'Check the network and that you may write to this folder, then run the same command again.',
}
