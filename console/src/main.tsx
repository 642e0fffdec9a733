import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Providers } from './app/providers.tsx'
import { createConsoleRouter } from './app/router.tsx'
import { createGraph } from './graph/graph.tsx'
import { createSessionStore } from './session/store.ts'
import './styles.css'

const session = createSessionStore()
const graph = createGraph(`${location.origin}/graphql`, session)

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <Providers graph={graph}>
      <RouterProvider router={createConsoleRouter()} />
    </Providers>
  </StrictMode>,
)
