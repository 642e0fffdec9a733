import { Kind, parse, visit, type ConstDirectiveNode, type DocumentNode } from 'graphql'
import { firstLine, StartError } from './start-error.ts'

/** A subgraph as the supergraph names it, and where it listens. */
export type Remote = { name: string; url: URL }

/** The subgraphs that a supergraph is made of (`enum join__Graph`). @throws StartError */
export function remotesOf(supergraphSdl: string): Remote[] {
  const remotes: Remote[] = []
  visit(parsed(supergraphSdl), {
    EnumTypeDefinition: ({ name, values = [] }) => {
      if (name.value !== 'join__Graph') return false
      for (const { directives = [] } of values)
        for (const directive of directives)
          if (directive.name.value === 'join__graph') remotes.push(remoteOf(directive))
      return false
    },
  })
  if (remotes.length > 0) return remotes
  throw new StartError('SUPERGRAPH_INVALID', 'The file is no Federation 2 supergraph: it names no subgraphs.')
}

function parsed(sdl: string): DocumentNode {
  try {
    return parse(sdl, { noLocation: true })
  } catch (error) {
    throw new StartError('SUPERGRAPH_INVALID', `The file is no GraphQL: ${firstLine(error)}`)
  }
}

function remoteOf(directive: ConstDirectiveNode): Remote {
  const name = argumentOf(directive, 'name')
  const text = argumentOf(directive, 'url')
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^https?:$/.test(url.protocol)) return { name, url }
  throw new StartError('SUBGRAPH_ADDRESS', `The supergraph gives no http(s) address for its subgraph "${name}".`)
}

function argumentOf({ arguments: args = [] }: ConstDirectiveNode, name: string): string {
  const value = args.find((each) => each.name.value === name)?.value
  return value?.kind === Kind.STRING ? value.value : ''
}
