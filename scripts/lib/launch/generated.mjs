import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pinnedNode, root } from './paths.mjs'
import { filesBelow, hashFiles, hasStamp, writeStamp } from './stamp.mjs'

const stampFile = resolve(root, 'node_modules/.quimbi-generated')
const services = ['support', 'intelligence']

const wanted = () =>
  hashFiles(root, [
    resolve(root, 'codegen.ts'),
    resolve(root, 'prisma.config.ts'),
    resolve(root, 'scripts/generate.ts'),
    resolve(root, 'node_modules/prisma/package.json'),
    ...[
      'cli',
      'near-operation-file-preset',
      'typed-document-node',
      'typescript',
      'typescript-operations',
      'typescript-resolvers',
      'visitor-plugin-common',
    ].map((name) => resolve(root, `node_modules/@graphql-codegen/${name}/package.json`)),
    ...['api', 'partner'].map((name) => resolve(root, `schema/${name}.graphql`)),
    ...['console/src', 'packages/partner-client/operations'].flatMap((folder) =>
      filesBelow(resolve(root, folder), (name) => name.endsWith('.graphql')),
    ),
    ...filesBelow(resolve(root, 'prisma'), (name) => name === 'schema.prisma'),
    ...services.flatMap((name) =>
      filesBelow(resolve(root, 'subgraphs', name, 'src'), (file) => file.endsWith('.graphql') || file === 'mappers.ts'),
    ),
  ])

const outputs = [
  ...services.flatMap((name) => [
    resolve(root, 'subgraphs', name, 'generated/prisma/client.ts'),
    resolve(root, 'subgraphs', name, 'generated/resolvers.ts'),
  ]),
  resolve(root, 'packages/partner-client/generated/operations.ts'),
  resolve(root, 'console/src/graph/generated/schema.ts'),
]

/**
 * Database clients, resolver types, and the documents of the clients.
 * @type {import('./step.mjs').Step}
 */
export const generatedStep = {
  title: 'Generating code',
  isDone: () => hasStamp(stampFile, wanted()) && outputs.every((file) => existsSync(file)),
  markDone: () => writeStamp(stampFile, wanted()),
  command: pinnedNode,
  args: ['scripts/generate.ts'],
  env: process.env,
  hint: 'Mend the schema named above, then run the same command again.',
}
