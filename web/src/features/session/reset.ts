/** Another password for who has lost theirs: nobody is signed in here. */
import { readProblem, Refused, Unreachable } from '@/client/problem'

/** The answer is the same whether or not there is such a user. */
export function askForReset(name: string): Promise<void> {
  return post('/api/v1/auth/password-reset', { name })
}

export function finishReset(token: string, password: string): Promise<void> {
  return post('/api/v1/auth/password-reset/confirm', { token, password })
}

async function post(path: string, body: object): Promise<void> {
  let response: Response
  try {
    response = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
  } catch {
    throw new Unreachable()
  }
  if (!response.ok) throw new Refused(response.status, await readProblem(response))
}
