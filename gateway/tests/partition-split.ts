import {
  entities,
  isScalar,
  keyedInterface,
  keyFields,
  plainInterface,
  typeNamed,
  union,
  type FieldModel,
  type Model,
  type Need,
  type TypeModel,
} from './partition-model.ts'

const head = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@shareable",
  "@external", "@requires", "@provides", "@override", "@inaccessible", "@interfaceObject"])
enum Kind { A B C @inaccessible }
input Where { near: Int = 0 deep: Where }`

export const serviceName = (service: number): string => `s${service}`

/** The SDL of one subgraph: what it resolves, and of the rest what it needs to name. */
export function sdlOf(model: Model, service: number): string {
  const types = new Map<string, Map<string, string>>()
  const members = new Map<string, Set<string>>()

  const isProvided = (type: string, name: string) =>
    [...model.query, ...entities(model).flatMap(({ fields }) => fields)].some(
      (each) => each.type === type && each.provides.includes(name),
    )

  function touch(name: string): Map<string, string> {
    const known = types.get(name)
    if (known) return known
    const fields = new Map<string, string>()
    types.set(name, fields)
    if (name === 'Place') for (const line of ['x: Int!', 'y: String!']) fields.set(line.slice(0, 1), line)
    else if (name === keyedInterface) touchKeyed(fields)
    else if (name !== 'Query' && name !== 'Mutation') touchType(typeNamed(model, name), fields)
    return fields
  }

  function touchType(type: TypeModel, fields: Map<string, string>): void {
    for (const key of type.isEntity ? keysOf(type, service) : [])
      for (const word of key.split(/\W+/)) addKey(fields, word)
    for (const field of type.fields)
      if (!type.isEntity || field.owners.includes(service) || field.overrides?.from === service) add(type.name, field)
  }

  function touchKeyed(fields: Map<string, string>): void {
    fields.set('id', keyFields['id'] ?? '')
    if (service === model.keyed?.object) for (const each of model.keyed.fields) add(keyedInterface, each)
    else model.keyed?.members.forEach(touch)
  }

  function addKey(fields: Map<string, string>, name: string): void {
    const line = keyFields[name]
    if (!line) return
    fields.set(name, `${line} @shareable`)
    if (name === 'at') touch('Place')
  }

  function add(type: string, field: FieldModel): void {
    const isMine = field.owners.includes(service)
    const requires = isMine ? field.requires : null
    touch(type).set(field.name, `${signature(field)}${directives(field, service, isProvided(type, field.name))}`)
    reach(field)
    if (requires) addNeeds(type, requires)
    if (isMine && field.provides.length > 0) for (const name of field.provides) addExternal(field.type, name)
  }

  function reach({ type, members: values }: FieldModel): void {
    if (isScalar(type)) return
    if (values.length === 0 || type === keyedInterface) return void touch(type)
    members.set(type, new Set([...(members.get(type) ?? []), ...values]))
    for (const value of values) {
      const fields = touch(value)
      if (type === plainInterface) addKey(fields, 'id')
    }
  }

  function addNeeds(type: string, needs: readonly Need[]): void {
    for (const { name, inner } of needs) {
      addExternal(type, name)
      const field = typeNamed(model, type).fields.find((each) => each.name === name)
      if (field && inner.length > 0) addNeeds(field.type, inner)
    }
  }

  function addExternal(type: string, name: string): void {
    const fields = touch(type)
    const field = typeNamed(model, type).fields.find((each) => each.name === name)
    if (!field || fields.has(name) || !typeNamed(model, type).isEntity) return
    fields.set(name, `${signature(field)} @external`)
    reach(field)
  }

  for (const type of entities(model)) if (type.keysIn.has(service)) touch(type.name)
  if (model.keyed && (model.keyed.home === service || model.keyed.object === service)) touch(keyedInterface)
  for (const [root, fields] of [
    ['Query', model.query],
    ['Mutation', model.mutation],
  ] as const)
    for (const field of fields) if (field.owners.includes(service)) add(root, field)

  const things = members.get(plainInterface)
  const inCommon = model.plain.common.filter(({ name }) =>
    [...(things ?? [])].every((thing) => {
      const field = typeNamed(model, thing).fields.find((each) => each.name === name)
      return field?.owners.includes(service) && types.get(thing)?.has(name)
    }),
  )
  const body = [...types].map(([name, fields]) => printType(model, service, name, fields, members))
  if (things) body.push(`interface ${plainInterface} { id: ID! ${inCommon.map(signature).join(' ')} }`)
  const either = members.get(union)
  if (either) body.push(`union ${union} = ${[...either].join(' | ')}`)
  return [head, ...body].join('\n')
}

function printType(
  model: Model,
  service: number,
  name: string,
  fields: Map<string, string>,
  members: Map<string, Set<string>>,
): string {
  const block = `{ ${[...fields.values()].join('\n  ')} }`
  if (name === 'Query' || name === 'Mutation') return `type ${name} ${block}`
  if (name === keyedInterface)
    return service === model.keyed?.object
      ? `type ${name} @interfaceObject @key(fields: "id") ${block}`
      : `interface ${name} @key(fields: "id") ${block}`
  const type = model.types.find((each) => each.name === name)
  if (!type?.isEntity) return `type ${name} @shareable ${block}`
  const implemented = [
    ...(members.get(plainInterface)?.has(name) ? [plainInterface] : []),
    ...(model.keyed?.home === service && model.keyed.members.includes(name) ? [keyedInterface] : []),
  ]
  const resolvable = isResolvable(type, service) ? '' : ', resolvable: false'
  const keys = keysOf(type, service).map((key) => ` @key(fields: "${key}"${resolvable})`)
  return `type ${name}${implemented.length > 0 ? ` implements ${implemented.join(' & ')}` : ''}${keys.join('')} ${block}`
}

/** One that only refers to a type knows one of its keys. */
function keysOf({ keysIn }: TypeModel, service: number): string[] {
  const others = [...keysIn.values()]
  return keysIn.get(service) ?? others[service % others.length]?.slice(0, 1) ?? []
}

const isResolvable = ({ name, keysIn }: TypeModel, service: number): boolean =>
  keysIn.has(service) || (name.charCodeAt(0) + service) % 2 === 0

function signature({ name, type, wrap, hasArguments }: FieldModel): string {
  const args = hasArguments ? '(n: Int = 1, kind: Kind, where: Where)' : ''
  return `${name}${args}: ${wrap.replace('@', type)}`
}

function directives(field: FieldModel, service: number, isProvided: boolean): string {
  const isMine = field.owners.includes(service)
  const { from, label } = (isMine && field.overrides) || { from: 0, label: null }
  return [
    field.owners.length > 1 || isProvided ? ' @shareable' : '',
    field.isHidden ? ' @inaccessible' : '',
    isMine && field.requires ? ` @requires(fields: ${JSON.stringify(selectionOf(field.requires))})` : '',
    isMine && field.provides.length > 0 ? ` @provides(fields: "${field.provides.join(' ')}")` : '',
    isMine && field.overrides ? ` @override(from: "${serviceName(from)}"${label ? `, label: "${label}"` : ''})` : '',
  ].join('')
}

const selectionOf = (needs: readonly Need[]): string =>
  needs
    .map(({ name, args, inner }) => {
      const given = Object.entries(args).map(([key, value]) => `${key}: ${literal(value)}`)
      return `${name}${given.length > 0 ? `(${given.join(', ')})` : ''}${inner.length > 0 ? ` { ${selectionOf(inner)} }` : ''}`
    })
    .join(' ')

const literal = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? `{ ${Object.entries(value)
        .map(([key, each]) => `${key}: ${literal(each)}`)
        .join(', ')} }`
    : String(value)
