import { ApolloProvider } from '@apollo/client/react'
import { useState, type ReactNode } from 'react'
import { CommandContext, useKeyboard } from '../commands/use-command.ts'
import { createCommandRegistry } from '../commands/registry.ts'
import { GraphContext, type Graph } from '../graph/graph.tsx'

/** What every part of the console stands on. Tests give a graph of their own. */
export function Providers({ graph, children }: { graph: Graph; children: ReactNode }) {
  const [commands] = useState(createCommandRegistry)
  useKeyboard(commands)
  return (
    <GraphContext value={graph}>
      <ApolloProvider client={graph.apollo}>
        <CommandContext value={commands}>{children}</CommandContext>
      </ApolloProvider>
    </GraphContext>
  )
}
