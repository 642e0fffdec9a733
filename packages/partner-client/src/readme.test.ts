import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, it } from 'vitest'

const here = dirname(fileURLToPath(import.meta.url))
const readme = readFileSync(join(here, '../README.md'), 'utf8')
const snippets = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code)

/** What the snippets take from the program around them. */
const around = `
import { createPartnerClient } from './client.ts'
import type { AnalyzeCustomerInput, CustomerOrderInput } from '../generated/operations.ts'
declare const readSecret: (name: string) => Promise<string>
declare const [apiKey, customerId, archetypeId, newSecret, oldSecret]: string[] & [string, string, string, string, string]
declare const ids: string[]
declare const customers: AnalyzeCustomerInput[]
declare const orders: AsyncIterable<CustomerOrderInput>
declare const request: Request
declare const save: (...what: unknown[]) => Promise<void>
declare const hasSeen: (id: string) => Promise<boolean>
declare const readCursor: () => Promise<string | null>
declare const keepCursor: (cursor: string) => Promise<void>
export const client = createPartnerClient({ url: '', apiKey: '' })
export { apiKey, customerId, archetypeId, newSecret, oldSecret, ids, customers, orders, request, save, hasSeen, readCursor, keepCursor, readSecret }
`

/** The compiler's complaints about files that are not there. */
function complaints(files: Record<string, string>): string[] {
  const { config } = ts.readConfigFile(join(here, '../../../tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object }
  }
  const json = { ...config.compilerOptions, noUnusedLocals: false }
  const { options } = ts.convertCompilerOptionsFromJson(json, join(here, '../../..'))
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile } = host
  host.fileExists = (path) => path in files || fileExists(path)
  host.readFile = (path) => files[path] ?? readFile(path)
  const { getSourceFile } = host
  host.getSourceFile = (path, language, ...rest) => {
    const text = files[path]
    return text === undefined
      ? getSourceFile.call(host, path, language, ...rest)
      : ts.createSourceFile(path, text, language, true)
  }
  const program = ts.createProgram(Object.keys(files), options, host)
  return Object.keys(files).flatMap((path) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(path))
      .map(({ messageText }) => `${path.slice(here.length + 1)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`),
  )
}

it('every snippet of the README compiles', { timeout: 120_000 }, () => {
  expect(snippets.length).toBeGreaterThan(9)
  const names = around.match(/export \{ (.*) \}/)?.[1] ?? ''
  const files = Object.fromEntries(
    snippets.map((code, index) => {
      const own = [...code.matchAll(/^(?:const|import \{) ?(\w+)/gm)].map(([, name]) => name)
      const taken = ['client', ...names.split(', ')].filter((name) => !own.includes(name)).join(', ')
      return [join(here, `snippet-${index + 1}.ts`), `import { ${taken} } from './around.ts'\n${code}\nexport {}\n`]
    }),
  )
  expect(complaints({ [join(here, 'around.ts')]: around, ...files })).toEqual([])
  const wrong = join(here, 'wrong.ts')
  const code = `import { client } from './around.ts'\nawait client.archetypes({ level: 'GREAT' })`
  expect(complaints({ [join(here, 'around.ts')]: around, [wrong]: code })).toHaveLength(1)
})
