import { unlessAborted } from '@quimbi/service/deadline.ts'
import { APIError, type OpenAI } from 'openai'
import type { ChatCompletionCreateParamsStreaming as Body } from 'openai/resources/chat/completions'
import { Stream } from 'openai/streaming'
import { z } from 'zod'
import type { AnswerSchema } from './answer-schema.ts'
import { failureOf, modelFailure } from './failures.ts'
import { retryAfterMs } from './retry-after.ts'
import { watchSilence } from './silence.ts'

export type Prompt = { system: string; user: string; schema: AnswerSchema; maxTokens: number }

/** What has come of an answer, also where it broke off. */
export type Received = {
  text: string
  usage: { input: number; output: number } | null
  /** whether the server took the call, as far as is known: then it costs */
  isTaken: boolean
}

/** `plain`: purposes whose schema the server refused; they are asked for JSON of the schema in words. */
export type Server = { client: OpenAI; model: string; maxCharacters: number; plain: Set<string> }

type AskOptions = {
  signal: AbortSignal
  /** how long the first sign may take, and each one after it */
  firstMs: number
  nextMs: number
  onFirst(): void
  onText?: ((piece: string) => void) | undefined
}

const part = z.object({ content: z.string().nullish() }).nullish()
const tokens = z.int().min(0).max(100_000_000)
/** A chunk of a stream, or a whole answer of a server that does not stream. */
const chunkShape = z
  .object({
    choices: z
      .array(z.object({ delta: part, message: part, finish_reason: z.string().nullish() }))
      .nullish()
      .catch(null),
    usage: z.object({ prompt_tokens: tokens, completion_tokens: tokens }).nullish().catch(null),
  })
  .catch({ choices: null, usage: null })

/** Sends one request and reads its answer into `received`. Rejects with the signal's reason, or a model failure. */
export async function ask(server: Server, prompt: Prompt, received: Received, options: AskOptions): Promise<void> {
  const silence = watchSilence(options.signal, options.firstMs)
  const { signal } = silence
  try {
    await unlessAborted(read(server, prompt, received, { ...options, signal, heard: silence.heard }), signal)
  } catch (error) {
    // It may have worked all the while.
    if (signal.aborted) received.isTaken = true
    throw signal.aborted ? signal.reason : translated(error)
  } finally {
    silence.close()
  }
}

type ReadOptions = AskOptions & { heard(nextMs: number): void }

async function read(server: Server, prompt: Prompt, received: Received, options: ReadOptions): Promise<void> {
  const { signal, heard, nextMs, onFirst, onText } = options
  const response = await open(server, prompt, signal)
  received.isTaken = true
  let isFirst = true
  let isFinished = false
  for await (const raw of chunksOf(response, server.client, signal)) {
    if (signal.aborted) return
    if (isFirst) onFirst()
    isFirst = false
    heard(nextMs)
    const { choices, usage } = chunkShape.parse(raw)
    if (usage) received.usage = { input: usage.prompt_tokens, output: usage.completion_tokens }
    const piece = (choices?.[0]?.delta ?? choices?.[0]?.message)?.content ?? ''
    received.text += piece
    if (received.text.length > server.maxCharacters) throw modelFailure('MODEL_TOO_LARGE')
    if (choices?.[0]?.finish_reason) isFinished = true
    if (piece !== '') onText?.(piece)
  }
  if (!isFinished) throw modelFailure('MODEL_UNREACHABLE')
}

async function* chunksOf(response: Response, client: OpenAI, signal: AbortSignal): AsyncGenerator<unknown> {
  if (response.headers.get('content-type')?.includes('application/json')) return yield await response.json()
  const controller = new AbortController()
  signal.addEventListener('abort', () => controller.abort(), { once: true })
  yield* Stream.fromSSEResponse<unknown>(response, controller, client)
}

async function open({ client, model, plain }: Server, prompt: Prompt, signal: AbortSignal): Promise<Response> {
  const send = (body: Body) => client.chat.completions.create(body, { signal }).asResponse()
  const { name } = prompt.schema
  if (plain.has(name)) return send(plainBody(model, prompt))
  try {
    return await send(strictBody(model, prompt))
  } catch (error) {
    if (!refusesForm(error)) throw error
  }
  const response = await send(plainBody(model, prompt))
  plain.add(name)
  return response
}

const refusesForm = (error: unknown): boolean =>
  error instanceof APIError && (error.status === 400 || error.status === 422)

const strictBody = (model: string, { system, user, schema, maxTokens }: Prompt): Body => ({
  model,
  messages: [
    { role: 'system', content: system },
    { role: 'user', content: user },
  ],
  stream: true,
  stream_options: { include_usage: true },
  store: false,
  max_completion_tokens: maxTokens,
  response_format: {
    type: 'json_schema',
    json_schema: { name: schema.name, schema: schema.json, strict: schema.isStrict },
  },
})

/** What every compatible server knows. */
const plainBody = (model: string, { system, user, schema, maxTokens }: Prompt): Body => ({
  model,
  messages: [
    {
      role: 'system',
      content: `${system}\nAnswer with one JSON object of this JSON Schema:\n${JSON.stringify(schema.json)}`,
    },
    { role: 'user', content: user },
  ],
  stream: true,
  max_tokens: maxTokens,
  response_format: { type: 'json_object' },
})

/** Too long, or of a kind that this model does not take: other questions may be taken. */
const aboutTheQuestion = new Set([400, 413, 422, 451])

/** The package's errors quote the server, and a server may quote the key: none of their words go on. */
function translated(error: unknown): unknown {
  if (failureOf(error) !== null) return error
  if (error instanceof SyntaxError) return modelFailure('MODEL_UNREADABLE')
  const status = error instanceof APIError ? (error.status as number | undefined) : undefined
  if (status === undefined) return modelFailure('MODEL_UNREACHABLE')
  if (status === 429) return modelFailure('MODEL_LIMITED', { status, retryAfterMs: retryAfterMs(error as APIError) })
  if (status >= 500 || status === 408) return modelFailure('MODEL_UNREACHABLE', { status })
  return modelFailure(aboutTheQuestion.has(status) ? 'MODEL_REJECTED' : 'MODEL_REFUSED', { status })
}
