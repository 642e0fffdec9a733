import { defineConfig, globalIgnores } from 'eslint/config'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

// Architecture only: who may import whom, who reads the environment, no forgotten promise. Format is Prettier's business.

const services = { gateway: 'gateway/**', support: 'subgraphs/support/**', intelligence: 'subgraphs/intelligence/**' }

/**
 * @param {string[]} packages names below @quimbi
 * @param {string} message
 */
const packagesAre = (packages, message) => ({ regex: `^@quimbi/(${packages.join('|')})(/|$)`, message })

/**
 * Relative paths into the sources of another workspace; a folder of ours may well have the same name.
 * @param {string} folders a regular expression
 * @param {string} message
 */
const pathsAre = (folders, message) => ({ regex: `^\\.\\./(.*/)?(${folders})/(src|generated|tests)/`, message })

/** @param {import('eslint').Linter.RuleEntry} entry */
const imports = (entry) => ({ '@typescript-eslint/no-restricted-imports': entry })

const meetInContract = 'Services meet in the contract and in events; they never import each other.'
const noServices = 'A package serves the services; it imports none.'
const standalone = 'database and service stand alone: they import no other package of ours.'
const oneWay = 'Imports go shared → feature → app; a feature knows another only by what stands at its door.'
const notLoaded = 'lazyPart says so where its code cannot be fetched; React’s own takes the page down.'
const lazily = { regex: '^react$', importNames: ['lazy'], message: notLoaded }
const pure = 'A pure decision takes its facts as arguments; it knows neither the database nor GraphQL.'
const thin = 'A resolver parses, makes one call, returns. The database is the service’s business.'

const serviceImports = {
  gateway: [packagesAre(['support', 'intelligence'], meetInContract), pathsAre('support|intelligence', meetInContract)],
  support: [packagesAre(['gateway', 'intelligence'], meetInContract), pathsAre('gateway|intelligence', meetInContract)],
  intelligence: [packagesAre(['gateway', 'support'], meetInContract), pathsAre('gateway|support', meetInContract)],
}
const serviceless = [
  packagesAre(['gateway', 'support', 'intelligence'], noServices),
  pathsAre('gateway|support|intelligence', noServices),
]
const pureImports = [
  packagesAre(['database', 'events'], pure),
  { regex: '^(graphql|pg|@prisma/.*|graphile-worker|@apollo/.*)(/|$)', message: pure },
  { regex: 'generated/', message: pure },
]
const resolverImports = [
  packagesAre(['database'], thin),
  { regex: '^(pg|@prisma/.*|graphile-worker)(/|$)', message: thin },
  { regex: 'generated/prisma/', message: thin },
]
const pureFiles = (/** @type {string} */ folder) => ['score', 'clock', '*.pure'].map((name) => `${folder}/${name}.ts`)

// A later block replaces an earlier one's import rule as a whole, so the special files of a service repeat its rule.
const serviceRules = Object.entries(services).flatMap(([name, files]) => {
  const own = serviceImports[/** @type {keyof typeof services} */ (name)]
  return [
    { files: [files], rules: imports(['error', { patterns: own }]) },
    { files: pureFiles(files), rules: imports(['error', { patterns: [...own, ...pureImports] }]) },
    { files: [`${files}/resolvers.ts`], rules: imports(['error', { patterns: [...own, ...resolverImports] }]) },
  ]
})

const readsEnvironment = ['**/config.ts', 'scripts/**', 'bench/**', 'examples/**', '**/*.config.{ts,mjs}', 'codegen.ts']
const exportsDefault = ['**/*.config.{ts,mjs}', 'codegen.ts', 'packages/testing/src/global-setup.ts']

const noDefaultExport = { selector: 'ExportDefaultDeclaration', message: 'Named exports only: one name for one thing.' }
const noModifiers = {
  selector: 'Literal[regex.pattern=/\\(\\?[ims-]+:/]',
  message:
    'V8 forgets such flags in a process with much compiled code: use flags of the whole pattern, or two patterns.',
}
const noEnvironment = [
  'MemberExpression[object.name="process"][property.name="env"]',
  'MemberExpression[object.name="process"][property.value="env"]',
  'VariableDeclarator[init.name="process"] > ObjectPattern > Property[key.name="env"]',
  'ImportDeclaration[source.value=/^(node:)?process$/] > ImportSpecifier[imported.name="env"]',
].map((selector) => ({ selector, message: 'Only config.ts reads the environment; take what you need as an argument.' }))

export default defineConfig(
  globalIgnores(['**/node_modules', '**/generated', '**/dist', '.data', '.turbo', 'coverage']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx,mjs}'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      'no-restricted-syntax': ['error', noDefaultExport, noModifiers, ...noEnvironment],
    },
  },
  { files: readsEnvironment, rules: { 'no-restricted-syntax': ['error', noDefaultExport, noModifiers] } },
  { files: exportsDefault, rules: { 'no-restricted-syntax': 'off' } },
  ...serviceRules,
  // Tests of the whole graph compose it as scripts/lib/supergraph.ts does.
  { files: ['gateway/tests/**'], rules: imports('off') },
  { files: ['packages/**'], rules: imports(['error', { patterns: serviceless }]) },
  {
    files: ['packages/database/**', 'packages/service/**'],
    ignores: ['**/*.test.ts', '**/tests/**'],
    rules: imports([
      'error',
      {
        patterns: [
          ...serviceless,
          { regex: '^@quimbi/', message: standalone },
          pathsAre('database|events|service|testing', standalone),
        ],
      },
    ]),
  },
  {
    files: ['console/src/**'],
    extends: [reactHooks.configs.flat.recommended],
    rules: {
      // Not the compiler's own rule: a generated file may import what it needs not.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      ...imports([
        'error',
        { patterns: [lazily, ...serviceless, packagesAre(['database', 'events', 'service', 'subgraph'], noServices)] },
      ]),
    },
  },
  {
    files: ['console/src/{ui,shared,graph,session,commands}/**'],
    ignores: ['**/*.test.{ts,tsx}'],
    rules: imports(['error', { patterns: [lazily, { regex: '/(features|app|shell)/', message: oneWay }] }]),
  },
  {
    files: ['packages/events/**'],
    ignores: ['**/*.test.ts', '**/tests/**', '**/test-kit.ts'],
    rules: imports([
      'error',
      { patterns: [...serviceless, packagesAre(['testing'], 'Only tests import the test kit.')] },
    ]),
  },
)
