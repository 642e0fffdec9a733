/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * @typedef {{ query: string, variables?: unknown, operationName?: string | null }} Operation
 * @typedef {{ document: string, variables?: unknown }} Example
 * @typedef {{ schema: unknown, examples: Record<string, Example>, sampleIds: Record<string, string> }} Data
 * @typedef {{ data?: any, errors?: { message: string }[] }} Answer
 * @typedef {{ createElement(type: unknown, props: object): unknown }} React
 * @typedef {{ createRoot(element: Element): { render(element: unknown): void } }} ReactDOM
 */

const { React, ReactDOM, GraphiQL } = /** @type {{ React: React, ReactDOM: ReactDOM, GraphiQL: unknown }} */ (
  /** @type {unknown} */ (globalThis)
)
const door = '/partner/graphql'

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id))
const key = /** @type {HTMLInputElement} */ (byId('key'))
const picker = /** @type {HTMLSelectElement} */ (byId('example'))
const told = byId('told')
const place = byId('graphiql')

// Of this tab alone: nothing is left behind when it is closed, and nothing but our own door is ever sent the key.
key.value = sessionStorage.getItem('partner-key') ?? ''
key.addEventListener('input', () => sessionStorage.setItem('partner-key', key.value.trim()))

/**
 * @param {string} path
 * @param {string} accept
 * @param {Operation} operation
 * @param {AbortSignal | null} [signal]
 */
function post(path, accept, operation, signal = null) {
  const headers = new Headers({ 'content-type': 'application/json', accept })
  if (key.value.trim()) headers.set('x-api-key', key.value.trim())
  return fetch(path, { method: 'POST', headers, body: JSON.stringify(operation), signal })
}

/**
 * @param {Operation} operation
 * @returns {Promise<Answer>}
 */
const ask = async (operation) => (await post(door, 'application/json', operation)).json()

/**
 * Events of a subscription, as the server sends them.
 * @param {Operation} operation
 */
async function* follow(operation) {
  const leave = new AbortController()
  try {
    const answer = await post(`${door}/stream`, 'text/event-stream', operation, leave.signal)
    if (!answer.body || !answer.headers.get('content-type')?.startsWith('text/event-stream')) {
      yield await answer.json()
      return
    }
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
    let rest = ''
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const events = (rest + part.value).split('\n\n')
      rest = events.pop() ?? ''
      for (const event of events) {
        if (/^event: ?complete$/m.test(event)) return
        const data = /^data: ?(.+)$/m.exec(event)?.[1]
        if (data) yield JSON.parse(data)
      }
    }
  } finally {
    leave.abort()
  }
}

/** @param {Operation} operation */
const isSubscription = ({ query, operationName }) =>
  new RegExp(`(?:^|[}\\s])subscription\\b\\s*${operationName ?? ''}`).test(query.replace(/#[^\n]*/g, ''))

// GraphiQL asks for the schema first: it is here, so that names are completed before there is a key.
const fetcherOf = (/** @type {unknown} */ schema) => (/** @type {Operation} */ operation) => {
  if (operation.operationName === 'IntrospectionQuery') return { data: schema }
  return isSubscription(operation) ? follow(operation) : ask(operation)
}

const root = ReactDOM.createRoot(place)
const dark = matchMedia('(prefers-color-scheme: dark)')
let shown = 0

/**
 * @param {Data} data
 * @param {string} name
 * @param {unknown} [variables]
 */
function show({ schema, examples }, name, variables = examples[name]?.variables) {
  // What was typed before would stand in for the example.
  for (const kept of ['tabState', 'query', 'variables']) sessionStorage.removeItem(`graphiql:${kept}`)
  const props = {
    key: (shown += 1),
    fetcher: fetcherOf(schema),
    storage: sessionStorage,
    query: examples[name]?.document ?? '',
    variables: variables ? JSON.stringify(variables, null, 2) : '',
    isHeadersEditorEnabled: false,
    shouldPersistHeaders: false,
    defaultEditorToolsVisibility: 'variables',
    forcedTheme: dark.matches ? 'dark' : 'light',
  }
  root.render(React.createElement(GraphiQL, props))
}

// Its editors do not say what they are to who cannot see them.
new MutationObserver(() => {
  for (const editor of place.querySelectorAll('textarea:not([aria-label])'))
    editor.setAttribute('aria-label', editor.closest('section[aria-label]')?.getAttribute('aria-label') ?? 'Answer')
}).observe(place, { childList: true, subtree: true })

const idsQuery = `{
  queryCustomers(filter: {}, first: 2) { nodes { id } }
  archetypes(level: EMERGING, first: 1) { id }
}`

/**
 * The example's variables with ids of the reader's own customers where it has made-up ones.
 * @param {Data} data
 * @param {string} name
 */
async function withOwnIds({ examples, sampleIds }, name) {
  const { data, errors } = await ask({ query: idsQuery })
  if (!data?.queryCustomers) throw new Error(errors?.[0]?.message ?? 'There was no answer.')
  const [customer, other] = data.queryCustomers.nodes
  if (!customer) throw new Error('There are no customers with an order yet.')
  /** @type {Record<string, string | undefined>} */
  const own = { customer: customer.id, otherCustomer: (other ?? customer).id, archetype: data.archetypes?.[0]?.id }
  let text = JSON.stringify(examples[name]?.variables ?? {})
  for (const [what, sample] of Object.entries(sampleIds)) text = text.replaceAll(sample, own[what] ?? sample)
  return JSON.parse(text)
}

/** @param {Data} data */
async function fillIn(data) {
  told.textContent = 'Looking…'
  try {
    show(data, picker.value, await withOwnIds(data, picker.value))
    told.textContent = 'The ids are yours now.'
  } catch (error) {
    told.textContent = error instanceof Error ? error.message : 'That did not work.'
  }
}

async function begin() {
  const answer = await fetch('/partner/explorer/data.json')
  const data = /** @type {Data} */ (await answer.json())
  const pick = () => {
    const name = decodeURIComponent(location.hash.slice(1))
    picker.value = Object.hasOwn(data.examples, name) ? name : 'rateLimit'
    told.textContent = ''
    show(data, picker.value)
  }
  picker.addEventListener('change', () => (location.hash = picker.value))
  addEventListener('hashchange', pick)
  dark.addEventListener('change', pick)
  byId('means').addEventListener('submit', (event) => event.preventDefault())
  byId('ids').addEventListener('click', () => void fillIn(data))
  pick()
}

begin().catch(() => (told.textContent = 'The explorer could not start. Load the page again.'))
