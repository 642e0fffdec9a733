import {
  astFromValue,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
  print,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLType,
} from 'graphql'
import { codeFrame } from './blocks.ts'
import { anchor, html, type Html } from './html.ts'
import { described } from './inline.ts'
import type { Operation } from './operations.ts'

/** A type as GraphQL writes it, leading to where it is explained. */
export function typeLink(type: GraphQLType): Html {
  const named = getNamedType(type)
  const [before = '', after = ''] = String(type).split(named.name)
  const name = isSpecifiedScalarType(named)
    ? html`${named.name}`
    : html`<a href="#${anchor('type', named.name)}">${named.name}</a>`
  return html`<code class="type">${before}${name}${after}</code>`
}

type Entry = {
  name: string
  description?: string | null | undefined
  type?: GraphQLType
  default?: string | undefined
  arguments?: readonly GraphQLArgument[]
  deprecationReason?: string | null | undefined
}

const valueOf = ({ defaultValue, type }: GraphQLArgument | GraphQLInputField): string | undefined => {
  const ast = defaultValue === undefined ? null : astFromValue(defaultValue, type)
  return ast ? print(ast) : undefined
}

const argumentEntry = (given: GraphQLArgument | GraphQLInputField): Entry => ({
  ...{ name: given.name, description: given.description, type: given.type },
  ...{ default: valueOf(given), deprecationReason: given.deprecationReason },
})

const deprecated = (reason: string | null | undefined): Html | null =>
  reason ? html`<p class="deprecated"><strong>Deprecated.</strong> ${described(reason)}</p>` : null

const entryAsHtml = (entry: Entry): Html =>
  html`<dt>
      <code>${entry.name}</code>${entry.type && typeLink(entry.type)}${
        entry.default !== undefined && html`<span class="default">= <code>${entry.default}</code></span>`
      }
    </dt>
    <dd>
      ${described(entry.description ?? '')}${deprecated(entry.deprecationReason)}${
        entry.arguments?.length ? html`<dl>${entry.arguments.map((one) => entryAsHtml(argumentEntry(one)))}</dl>` : null
      }
    </dd>`

const entriesAsHtml = (entries: readonly Entry[]): Html => html`<dl>${entries.map(entryAsHtml)}</dl>`

/** What the example's key needs; a badge each. */
const scopesOf = ({ example }: Operation): Html =>
  example?.scopes.length
    ? html`${example.scopes.map((scope) => html`<li><a href="#scopes">${scope}</a></li>`)}`
    : html`<li><a href="#scopes">any key</a></li>`

export function operationAsHtml(operation: Operation): Html {
  const { id, name, kind, field, example, cost } = operation
  const variables = Object.keys(example?.variables ?? {}).length > 0
  return html`<section class="operation" id="${id}" data-name="${name}" aria-labelledby="${id}-title">
    <div class="says">
      <h3 id="${id}-title"><a href="#${id}">${name}</a></h3>
      <ul class="facts">
        <li class="kind">${kind}</li>
        ${scopesOf(operation)}${
          cost !== undefined && html`<li><a href="#cost">example: ${cost} ${cost === 1 ? 'point' : 'points'}</a></li>`
        }
      </ul>
      <p>${described(field.description ?? '')}</p>
      ${deprecated(field.deprecationReason)}${
        field.args.length > 0 &&
        html`<h4>Arguments</h4>
          ${entriesAsHtml(field.args.map(argumentEntry))}`
      }
      <h4>Answers</h4>
      <p>${typeLink(field.type)}</p>
    </div>
    <div class="shows">
      ${example && codeFrame(example.document, 'graphql', kind)}${
        example && variables && codeFrame(JSON.stringify(example.variables, null, 2), 'json', 'variables')
      }${example && html`<p><a class="run" href="/partner/explorer#${name}">Run in the explorer</a></p>`}
    </div>
  </section>`
}

const kindOf = (type: GraphQLNamedType): string => {
  if (isObjectType(type)) return 'object'
  if (isInputObjectType(type)) return 'input'
  if (isEnumType(type)) return 'enum'
  if (isInterfaceType(type)) return 'interface'
  return isUnionType(type) ? 'union' : 'scalar'
}

function entriesOf(type: GraphQLNamedType): Entry[] {
  if (isEnumType(type)) return [...type.getValues()]
  if (isInputObjectType(type)) return Object.values(type.getFields()).map(argumentEntry)
  if (isUnionType(type)) return type.getTypes().map(({ name }) => ({ name }))
  if (!isObjectType(type) && !isInterfaceType(type)) return []
  return Object.values(type.getFields()).map((field) => ({
    ...{ name: field.name, description: field.description, type: field.type, arguments: field.args },
    deprecationReason: field.deprecationReason,
  }))
}

export function typeAsHtml(type: GraphQLNamedType): Html {
  const id = anchor('type', type.name)
  return html`<section class="named" id="${id}" data-name="${type.name}">
    <h3><a href="#${id}">${type.name}</a> <small>${kindOf(type)}</small></h3>
    <p>${described(type.description ?? '')}</p>
    ${entriesAsHtml(entriesOf(type))}
  </section>`
}
