import { join } from 'node:path'
import { ESLint } from 'eslint'
import { describe, expect, it } from 'vitest'
import { root } from './root.ts'

// The snippets are not files of the project: the rules that need types are tried on one that is.
const eslint = new ESLint({
  cwd: root,
  overrideConfig: {
    languageOptions: { parserOptions: { projectService: false } },
    rules: { '@typescript-eslint/no-floating-promises': 'off', '@typescript-eslint/no-misused-promises': 'off' },
  },
})

async function rulesBrokenBy(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, filePath) })
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message)
}

const imports = '@typescript-eslint/no-restricted-imports'
const syntax = 'no-restricted-syntax'

describe('the architecture rules', () => {
  it.each([
    ['a subgraph that imports the other', 'subgraphs/support/src/a.ts', `import '@quimbi/intelligence/a.ts'`, imports],
    [
      'a subgraph that reaches over',
      'subgraphs/support/src/a/b.ts',
      `import '../../../intelligence/src/a.ts'`,
      imports,
    ],
    [
      'a subgraph that imports the gateway',
      'subgraphs/intelligence/src/a.ts',
      `import '@quimbi/gateway/a.ts'`,
      imports,
    ],
    ['the gateway that imports a subgraph', 'gateway/src/a.ts', `import '@quimbi/support/a.ts'`, imports],
    ['the gateway that reaches over', 'gateway/src/a.ts', `import '../../subgraphs/support/src/a.ts'`, imports],
    ['a type import across services', 'gateway/src/a.ts', `import type { A } from '@quimbi/support/a.ts'`, imports],
    ['a package that imports a service', 'packages/events/src/a.ts', `import '@quimbi/gateway/a.ts'`, imports],
    ['a package that reaches over', 'packages/testing/src/a.ts', `import '../../../gateway/src/a.ts'`, imports],
    ['database that imports service', 'packages/database/src/a.ts', `import '@quimbi/service/a.ts'`, imports],
    ['service that reaches database', 'packages/service/src/a.ts', `import '../../database/src/a.ts'`, imports],
    ['events that import the test kit', 'packages/events/src/a.ts', `import '@quimbi/testing/a.ts'`, imports],
    ['a score that queries', 'subgraphs/support/src/tickets/score.ts', `import '@quimbi/database/a.ts'`, imports],
    ['a pure file that knows GraphQL', 'subgraphs/support/src/a/b.pure.ts', `import 'graphql'`, imports],
    [
      'a clock that knows rows',
      'subgraphs/support/src/sla/clock.ts',
      `import '../../generated/prisma/client.ts'`,
      imports,
    ],
    [
      'a score that reaches the other service',
      'subgraphs/support/src/a/score.ts',
      `import '@quimbi/gateway/a.ts'`,
      imports,
    ],
    ['a resolver with a Prisma client', 'subgraphs/support/src/a/resolvers.ts', `import '@prisma/client'`, imports],
    [
      'a resolver with rows',
      'subgraphs/support/src/a/resolvers.ts',
      `import '../../generated/prisma/client.ts'`,
      imports,
    ],
    ['a resolver with the database', 'subgraphs/support/src/a/resolvers.ts', `import '@quimbi/database/a.ts'`, imports],
    ['the environment outside config.ts', 'gateway/src/a.ts', `export const a = process.env['A']`, syntax],
    ['the environment by brackets', 'gateway/src/a.ts', `export const a = process['env']`, syntax],
    ['the environment taken apart', 'gateway/src/a.ts', `export const { env } = process`, syntax],
    [
      'the environment imported',
      'gateway/src/a.ts',
      `export { env } from 'x'\nimport { env } from 'node:process'`,
      syntax,
    ],
    ['a default export', 'gateway/src/a.ts', `export default 1`, syntax],
    ['any', 'gateway/src/a.ts', `export type A = any`, '@typescript-eslint/no-explicit-any'],
  ])('refuse %s', async (_, file, code, rule) => {
    expect(await rulesBrokenBy(file, code)).toContain(rule)
  })

  it('refuse a disabled rule that has nothing to disable', async () => {
    const broken = await rulesBrokenBy(
      'gateway/src/a.ts',
      `// eslint-disable-next-line no-restricted-syntax\nexport const a = 1`,
    )
    expect(broken).toEqual([expect.stringContaining('Unused eslint-disable')])
  })

  it.each([
    ['a service that uses the packages', 'subgraphs/support/src/a.ts', `import '@quimbi/database/a.ts'`],
    ['a folder named after another service', 'subgraphs/support/src/a/b.ts', `import '../intelligence/client.ts'`],
    ['events on database and service', 'packages/events/src/a.ts', `import '@quimbi/database/a.ts'`],
    ['the test kit on any package', 'packages/testing/src/a.ts', `import '@quimbi/events/a.ts'`],
    [
      'the test of a package that uses the test kit',
      'packages/database/src/a.test.ts',
      `import '@quimbi/testing/a.ts'`,
    ],
    ['a score that uses its neighbours', 'subgraphs/support/src/tickets/score.ts', `import './weights.ts'`],
    ['a resolver that calls its service', 'subgraphs/support/src/a/resolvers.ts', `import './service.ts'`],
    ['generated resolver types', 'subgraphs/support/src/a/resolvers.ts', `import '../../generated/resolvers.ts'`],
    ['the clock of the packages', 'packages/service/src/clock.ts', `import 'graphql'`],
    ['the environment in config.ts', 'gateway/src/config.ts', `export const a = process.env['A']`],
    ['the environment in scripts', 'scripts/a.ts', `export const a = process.env['A']`],
    ['scripts that start everything', 'scripts/a.ts', `import '@quimbi/support/a.ts'\nimport '@quimbi/gateway/a.ts'`],
    ['a default export in a tool’s configuration', 'vitest.config.ts', `export default {}`],
  ])('accept %s', async (_, file, code) => {
    expect(await rulesBrokenBy(file, code)).toEqual([])
  })

  // Trying them would read the types of the whole project, which the linter itself does.
  it.each([
    'scripts/lib/root.ts',
    'subgraphs/support/src/app.ts',
    'gateway/tests/kit.ts',
    'packages/live/src/client.ts',
  ])('want every promise awaited in %s, and none where a callback returns nothing', async (file) => {
    const { rules } = (await new ESLint({ cwd: root }).calculateConfigForFile(join(root, file))) as { rules: object }
    expect(rules).toMatchObject({
      '@typescript-eslint/no-floating-promises': [2],
      '@typescript-eslint/no-misused-promises': [2],
    })
  })

  it('want no flags inside of a pattern', async () => {
    expect(await rulesBrokenBy('packages/service/src/a.ts', 'export const a = /(?i:b)/u')).toEqual([syntax])
    expect(await rulesBrokenBy('packages/service/src/a.ts', 'export const a = /(?:b)(?<!c)(?=d)/iu')).toEqual([])
  })
})
