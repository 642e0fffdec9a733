import { fetch as packaged } from 'undici'

/**
 * `fetch`, and what Node's own connects with wherever this is imported. What comes with Node 24 throws where nobody can catch it, and so ends the
 * process, if a server hangs up on an answer that is not read as fast as it comes.
 */
export const safeFetch = packaged as unknown as typeof fetch
