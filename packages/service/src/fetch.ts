import { Agent, fetch as packaged, setGlobalDispatcher } from 'undici'

const dispatcher = new Agent()

// What comes with Node 24 throws where nobody can catch it, and so ends the process, if a server hangs up on an answer that is not read as fast as
// it comes. Set, and not left to the package: whichever of the two is loaded first decides for both.
setGlobalDispatcher(dispatcher)

/** `fetch` by the package's own connections; from its import on Node's `fetch` uses them too. */
export const safeFetch = ((input: Parameters<typeof packaged>[0], init?: Parameters<typeof packaged>[1]) =>
  packaged(input, { ...init, dispatcher })) as unknown as typeof fetch
