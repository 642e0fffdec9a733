import { existsSync, readFileSync } from 'node:fs'
import type { CodegenConfig } from '@graphql-codegen/cli'

const scalars = {
  ID: 'string',
  DateTime: 'Date',
  EmailAddress: 'string',
  Decimal: 'string',
  Cursor: 'string',
  JSON: 'unknown',
  _FieldSet: 'string',
}

/** What `resolvers.ts` of a module is checked against: `npm run codegen` writes it. */
function resolverTypes(service: string): NonNullable<CodegenConfig['generates'][string]> {
  return {
    schema: `subgraphs/${service}/src/**/schema.graphql`,
    plugins: ['typescript', 'typescript-resolvers'],
    config: {
      contextType: '../src/context.ts#Context',
      mappers: mappers(service),
      scalars,
      strictScalars: true,
      defaultScalarType: 'unknown',
      federation: true,
      enumsAsTypes: true,
      namingConvention: 'keep',
      useTypeImports: true,
      importExtension: '.ts',
      emitLegacyCommonJSImports: false,
      maybeValue: 'T | null',
      inputMaybeValue: 'T | null | undefined',
      avoidOptionals: { field: true, object: true, inputValue: false, defaultValue: false },
    },
  }
}

/**
 * A resolver's parent is what the service returns, a database row most often: a type `TicketModel` exported from the
 * service's src/mappers.ts stands for the GraphQL type `Ticket`.
 */
function mappers(service: string): Record<string, string> {
  const file = `subgraphs/${service}/src/mappers.ts`
  const source = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const names = [...source.matchAll(/^export (?:type|interface) (\w+)Model\b|\bas (\w+)Model\b/gm)]
  return Object.fromEntries(
    names.map(([, own, renamed]) => [own ?? renamed, `../src/mappers.ts#${own ?? renamed}Model`]),
  )
}

/** The partner client's documents with the types of their variables and answers: values as they travel. */
const clientOperations: CodegenConfig['generates'][string] = {
  schema: 'schema/partner.graphql',
  documents: 'packages/partner-client/operations/*.graphql',
  plugins: ['typescript-operations', 'typed-document-node'],
  config: {
    scalars: { ...scalars, DateTime: 'string' },
    strictScalars: true,
    enumType: 'string-literal',
    namingConvention: 'keep',
    inputMaybeValue: 'T | null | undefined',
    useTypeImports: true,
    dedupeFragments: true,
  },
}

/** Enums and inputs as the console's operations name them. */
const consoleTypes: CodegenConfig['generates'][string] = {
  schema: 'schema/api.graphql',
  plugins: ['typescript'],
  config: {
    scalars: { ...scalars, DateTime: 'string' },
    strictScalars: true,
    enumsAsTypes: true,
    namingConvention: 'keep',
    maybeValue: 'T | null',
    inputMaybeValue: 'T | null | undefined',
  },
}

/** The console's documents: beside each `.graphql` file, the types of its operations and fragments and the documents themselves. */
const consoleOperations: CodegenConfig['generates'][string] = {
  schema: 'schema/api.graphql',
  documents: 'console/src/**/*.graphql',
  preset: 'near-operation-file',
  presetConfig: { baseTypesPath: 'graph/generated/schema.ts', folder: 'generated', extension: '.ts' },
  plugins: ['typescript-operations', 'typed-document-node'],
  config: {
    scalars: { ...scalars, DateTime: 'string' },
    strictScalars: true,
    enumType: 'string-literal',
    namingConvention: 'keep',
    inputMaybeValue: 'T | null | undefined',
    useTypeImports: true,
    dedupeFragments: true,
    nonOptionalTypename: true,
    importExtension: '.ts',
    emitLegacyCommonJSImports: false,
  },
}

const config: CodegenConfig = {
  generates: {
    'subgraphs/support/generated/resolvers.ts': resolverTypes('support'),
    'subgraphs/intelligence/generated/resolvers.ts': resolverTypes('intelligence'),
    'packages/partner-client/generated/operations.ts': clientOperations,
    'console/src/graph/generated/schema.ts': consoleTypes,
    'console/src/': consoleOperations,
  },
}

export default config
