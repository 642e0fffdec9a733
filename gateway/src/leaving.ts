import { AsyncLocalStorage } from 'node:async_hooks'
import type { GraphQLDoor } from '@quimbi/service/graphql.ts'

type Routes = GraphQLDoor<object>['routes']

/** Tells a request of an HTTP door when its client has left, so that nothing is done for nobody. */
export function watchClients() {
  const current = new AsyncLocalStorage<AbortSignal>()
  return {
    /** Of the request that is being handled; undefined in memory. */
    signal: () => current.getStore(),
    watched:
      (routes: Routes): Routes =>
      async (app, options) => {
        app.addHook('preHandler', (_request, { raw }, done) => {
          const controller = new AbortController()
          const left = () => void (raw.writableFinished || controller.abort())
          if (raw.destroyed) left()
          else raw.once('close', left)
          current.run(controller.signal, done)
        })
        await routes(app, options)
      },
  }
}
