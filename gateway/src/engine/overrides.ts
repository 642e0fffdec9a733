import type { Supergraph } from '@apollo/federation-internals'

/** Which subgraph answers, where a field is being moved from one to another bit by bit: `@override(label: "percent(10)")`. */
export type OverrideDraw = { conditions: ReadonlyMap<string, boolean>; key: string }

/** Draws anew for each request, as Apollo's router does; a label that is no percentage stays with the old subgraph. */
export function overrideDraw(supergraph: Supergraph, random: () => number): () => OverrideDraw {
  const shares = [...labelsOf(supergraph)].map((label) => [label, shareOf(label)] as const)
  const fixed: OverrideDraw = { conditions: new Map(), key: '' }
  if (shares.length === 0) return () => fixed
  return () => {
    const drawn = shares.map(([label, share]) => [label, random() * 100 < share] as const)
    return { conditions: new Map(drawn), key: drawn.map(([, isMoved]) => Number(isMoved)).join('') }
  }
}

/** Of the supergraph's `@join__field(overrideLabel:)`. */
function labelsOf({ schema }: Supergraph): Set<string> {
  const applications = schema.directive('join__field')?.applications() ?? []
  const labels = [...applications].map((each) => (each.arguments() as { overrideLabel?: string }).overrideLabel)
  return new Set(labels.filter((label) => label !== undefined))
}

const shareOf = (label: string): number => Number(/^percent\((\d{1,3}(?:\.\d{1,8})?)\)$/.exec(label)?.[1] ?? 0)
