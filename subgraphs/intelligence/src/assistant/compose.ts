import { composeWith, type Composed, type ComposeOptions, type Tools } from './composer.ts'
import { render } from './limits/render.ts'
import type { Situation, Wish } from './situation.ts'
import { verifyMessage } from './verify/message.ts'
import { verify } from './verify/verify.ts'
import { builtIn } from './writing/writer.ts'

const tools: Tools = { builtIn, verify, render, verifyMessage }

/** A message that was verified and fits its channel; see `composeWith`. */
export const compose = (situation: Situation, wish: Wish, options?: ComposeOptions): Promise<Composed> =>
  composeWith(tools, situation, wish, options)
