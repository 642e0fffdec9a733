import { join } from 'node:path'
import { demoLogin } from '@quimbi/support/demo/seed.ts'
import { root } from '../../../scripts/lib/root.ts'
import { readOperations } from '../../build/documents.ts'

/** Asks the graph as somebody of the demo; throws what it refuses. */
export type Ask = <Data>(query: string, variables?: object, email?: string) => Promise<Data>

export type Login = { accessToken: string; expiresAt: string; tenant: string; email: string }

/** A login as the console keeps it. */
export async function logInAt(url: string, email: string = demoLogin.email): Promise<Login> {
  const { tenant, password } = demoLogin
  // By its name, as the console does: a server may take no other document.
  const documentId = (await readOperations(join(root, 'console/src'))).find(({ name }) => name === 'LogIn')?.id
  const variables = { input: { tenant, email, password } }
  const { login } = await post<{ login: Pick<Login, 'accessToken' | 'expiresAt'> }>(url, { documentId, variables })
  return { ...login, tenant, email }
}

export function asker(url: string): Ask {
  const tokens = new Map<string, Promise<Login>>()
  return async (query, variables = {}, email = demoLogin.email) => {
    const login = tokens.get(email) ?? logInAt(url, email)
    tokens.set(email, login)
    return post(url, { query, variables }, (await login).accessToken)
  }
}

async function post<Data>(url: string, body: object, token?: string): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      connection: 'close',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  })
  const { data, errors } = (await response.json()) as { data?: Data; errors?: unknown }
  if (errors || !data) throw new Error(`The graph refused: ${JSON.stringify(errors)}`)
  return data
}
