import {
  Kind,
  parse,
  print,
  visit,
  type ArgumentNode,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type TypeNode,
} from 'graphql'

// Apollo's planner takes `price(currency: "USD")` that one field requires, `price(currency: "EUR")` that another requires, and what a client asks of
// `price`, for one field, and answers with any of them. So in the graph that plans each has a name of its own, which no subgraph is told.

/** What a made-up name stands for. */
export type Meant = { name: string; arguments: readonly ArgumentNode[] }

export type PlannedGraph = {
  sdl: string
  /** by the made-up name */
  meant: ReadonlyMap<string, Meant>
  /** What a field of a subgraph requires under made-up names: where they stand below the entity, `weight.required_1_kilos`. */
  requiredBy(service: string, type: string, field: string): readonly string[]
}

/** In an error's path: what a made-up name stands for. */
export const ownName = (step: string | number): string | number =>
  typeof step === 'string' ? step.replace(/^required_\d+_/, '') : step

type Composite = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode
type Known = { fields: ReadonlyMap<string, FieldDefinitionNode>; interfaces: readonly string[] }

const isComposite = (node: { kind: string }): node is Composite =>
  node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION

/** The graph to plan with: fields with arguments that a subgraph requires have names of their own. The same SDL where there are none. */
export function nameRequired(sdl: string): PlannedGraph {
  const meant = new Map<string, Meant>()
  const required = new Map<string, string[]>()
  if (!sdl.includes('requires:')) return { sdl, meant, requiredBy: () => [] }
  const document = parse(sdl, { noLocation: true })
  const types = typesIn(document)
  const services = servicesIn(document)
  // An interface object declares for its implementations.
  const requiredBy: PlannedGraph['requiredBy'] = (service, type, field) =>
    [type, ...(types.get(type)?.interfaces ?? [])].flatMap((each) => required.get(`${service} ${each} ${field}`) ?? [])
  /** Names to add to a type and its implementations, with the field that each stands for. */
  const added = new Map<string, { name: string; type: string; field: string; isAsItWas: boolean }>()

  /** Where made-up names are used. */
  const usedIn = new Set<string>()

  function nameOf(type: string, { name, arguments: args = [] }: { name: string; arguments?: readonly ArgumentNode[] }) {
    const key = `${type} ${name} (${args.map(print).sort().join()})`
    const known = added.get(key) ?? { name: `required_${added.size + 1}_${name}`, type, field: name, isAsItWas: false }
    added.set(key, known)
    meant.set(known.name, { name, arguments: args })
    return known.name
  }

  function renamed(set: SelectionSetNode, type: string, path: string, found: string[]): SelectionSetNode {
    const selections = set.selections.map((selection): SelectionNode => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return selection
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value ?? type
        return { ...selection, selectionSet: renamed(selection.selectionSet, condition, path, found) }
      }
      const definition = types.get(type)?.fields.get(selection.name.value)
      if (!definition) return selection
      const {
        selectionSet,
        name: { value: name },
        arguments: args = [],
      } = selection
      const hasArguments = (definition.arguments ?? []).length > 0
      const own = hasArguments ? nameOf(type, { name, arguments: args }) : name
      if (hasArguments) found.push(path + own)
      return {
        kind: Kind.FIELD,
        name: { kind: Kind.NAME, value: own },
        ...(selectionSet && {
          selectionSet: renamed(selectionSet, namedType(definition.type), `${path}${own}.`, found),
        }),
      }
    })
    return { ...set, selections }
  }

  function requiring(directive: ConstDirectiveNode, type: string, field: string): ConstDirectiveNode {
    const text = textOf(directive, 'requires')
    if (directive.name.value !== 'join__field' || !text) return directive
    const [definition] = parse(`{${text}}`, { noLocation: true }).definitions
    if (definition?.kind !== Kind.OPERATION_DEFINITION) return directive
    const found: string[] = []
    const graph = textOf(directive, 'graph')
    const set = renamed(definition.selectionSet, type, '', found)
    if (found.length === 0) return directive
    required.set(`${services.get(graph)} ${type} ${field}`, found)
    for (const need of found) for (const step of need.split('.')) usedIn.add(`${graph} ${step}`)
    // One that nobody asks for still requires what is external, which else would be without use.
    const still = { name: `required_0_${field}`, type, field, isAsItWas: true }
    added.set(`${type} ${field}`, still)
    const value = { kind: Kind.STRING, value: print(set).slice(1, -1) } as const
    const args = (directive.arguments ?? []).map((each) => (each.name.value === 'requires' ? { ...each, value } : each))
    return { ...directive, arguments: args }
  }

  const requires = visit(document, {
    enter(node) {
      if (!isComposite(node)) return undefined
      const fields = (node.fields ?? []).map((field) => ({
        ...field,
        directives: (field.directives ?? []).map((each) => requiring(each, node.name.value, field.name.value)),
      }))
      return { ...node, fields }
    },
  })
  if (added.size === 0) return { sdl, meant, requiredBy }
  const whole = visit(requires, {
    leave(node) {
      if (!isComposite(node)) return undefined
      const type = node.name.value
      const original = types.get(type)
      const more = new Map<string, FieldDefinitionNode>()
      for (const each of added.values()) {
        if (each.type !== type && !original?.interfaces.includes(each.type)) continue
        const like = each.isAsItWas
          ? original?.fields.get(each.field)
          : node.fields?.find(({ name }) => name.value === each.field)
        // Apollo refuses what is external to a subgraph without use.
        const isOfUse = (directive: ConstDirectiveNode) =>
          !isExternal(directive) || usedIn.has(`${textOf(directive, 'graph')} ${each.name}`)
        if (like)
          more.set(each.name, {
            ...like,
            name: { kind: Kind.NAME, value: each.name },
            arguments: [],
            directives: like.directives?.filter(isOfUse) ?? [],
          })
        // What is required may itself require.
        for (const service of services.values()) {
          const found = required.get(`${service} ${type} ${each.field}`)
          if (found) required.set(`${service} ${type} ${each.name}`, found)
        }
      }
      return { ...node, fields: [...(node.fields ?? []), ...more.values()] }
    },
  })
  return { sdl: print(whole), meant, requiredBy }
}

const namedType = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type))

function textOf({ arguments: args = [] }: ConstDirectiveNode, argument: string): string {
  const value = args.find(({ name }) => name.value === argument)?.value
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : ''
}

const isExternal = ({ arguments: args = [] }: ConstDirectiveNode) =>
  args.some(({ name, value }) => name.value === 'external' && value.kind === Kind.BOOLEAN && value.value)

function typesIn({ definitions }: DocumentNode): Map<string, Known> {
  const known = definitions.filter(isComposite).map(({ name, fields = [], interfaces = [] }): [string, Known] => [
    name.value,
    {
      fields: new Map(fields.map((field) => [field.name.value, field])),
      interfaces: interfaces.map((each) => each.name.value),
    },
  ])
  return new Map(known)
}

/** The subgraphs' names, by those that the supergraph has for them. */
function servicesIn({ definitions }: DocumentNode): Map<string, string> {
  const names = new Map<string, string>()
  for (const definition of definitions)
    if (definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph')
      for (const { name, directives = [] } of definition.values ?? [])
        for (const directive of directives) names.set(name.value, textOf(directive, 'name'))
  return names
}
