/**
 * Who is signed in. Owns the tokens; knows nothing about pages.
 *
 * The access token lives in memory only and runs out within the hour. The refresh token has to
 * outlive a reload, so it is stored: in sessionStorage, which ends with the tab and so leaves nothing
 * behind on a shared computer in the shop; or, when "keep me signed in" is ticked, in localStorage.
 * A refresh token works once. So refreshes run one at a time, across tabs too where the browser has
 * locks, and each reads the token again inside the lock: another tab may just have changed it.
 */
import type { components } from '@/client/schema'
import { readProblem, Refused, SessionEnded, Unreachable } from '@/client/problem'

type Tokens = components['schemas']['Tokens']

const KEY = 'tradewind.refresh'
/** A token this close to its end is renewed before use rather than after a refusal. */
const MARGIN_MS = 30_000

export class Session {
  #access: { token: string; until: number } | null = null
  #renewing: Promise<string> | null = null
  #generation = 0
  readonly #endListeners = new Set<() => void>()

  /** True when somebody has signed in and not out; the server may still refuse. */
  get exists(): boolean {
    return this.#access !== null || storedToken() !== null
  }

  /** Calls back when the server has ended the session, not when the person signs out. */
  onEnd(listener: () => void): () => void {
    this.#endListeners.add(listener)
    return () => this.#endListeners.delete(listener)
  }

  /** `code` is the second factor; empty where none was asked for. */
  async signIn(username: string, password: string, keep: boolean, code = ''): Promise<void> {
    const told = { username, password, ...(code && { code }) }
    const tokens = await post('/api/v1/auth/login', told)
    clearStored()
    store(tokens.refresh_token, keep)
    this.#accept(tokens)
  }

  /** Forgets the tokens at once; telling the server is a courtesy that may fail. */
  signOut(): void {
    const refresh = storedToken()
    this.#forget()
    if (!refresh) return
    void fetch('/api/v1/auth/logout', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ refresh_token: refresh }),
      keepalive: true,
    }).catch(() => undefined)
  }

  /** An access token that is good for the next half minute. */
  async token(): Promise<string> {
    if (this.#access && this.#access.until - Date.now() > MARGIN_MS) return this.#access.token
    return this.renew()
  }

  /** A new access token. Many callers at once cause one request. `refused` is the token that failed. */
  async renew(refused?: string): Promise<string> {
    if (refused && this.#access && this.#access.token !== refused) return this.#access.token
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = null
    })
    return this.#renewing
  }

  async #renew(): Promise<string> {
    const generation = this.#generation
    try {
      return await exclusively(async () => {
        const refresh = storedToken()
        if (!refresh) throw new SessionEnded()
        const tokens = await post('/api/v1/auth/refresh', { refresh_token: refresh })
        if (generation !== this.#generation) throw new SessionEnded()
        store(tokens.refresh_token, isKept())
        this.#accept(tokens)
        return tokens.access_token
      })
    } catch (error) {
      if (error instanceof SessionEnded && generation === this.#generation) {
        this.#forget()
        for (const listener of this.#endListeners) listener()
      }
      throw error
    }
  }

  #accept(tokens: Tokens): void {
    this.#access = { token: tokens.access_token, until: Date.now() + tokens.expires_in * 1000 }
  }

  #forget(): void {
    this.#generation += 1
    this.#access = null
    clearStored()
  }
}

export const session = new Session()

/** `fetch` that carries the access token and, when it is refused, renews it once and asks again. */
export async function fetchSignedIn(request: Request): Promise<Response> {
  const again = request.clone()
  const token = await session.token()
  request.headers.set('Authorization', `Bearer ${token}`)
  const response = await fetch(request)
  if (response.status !== 401) return response
  again.headers.set('Authorization', `Bearer ${await session.renew(token)}`)
  return fetch(again)
}

async function post(path: string, body: object): Promise<Tokens> {
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
  if (response.ok) return (await response.json()) as Tokens
  const problem = await readProblem(response)
  throw response.status === 401 ? new SessionEnded(problem) : new Refused(response.status, problem)
}

function exclusively<T>(work: () => Promise<T>): Promise<T> {
  // Only there on https and on localhost; elsewhere two tabs could, rarely, spend one token twice.
  if (!('locks' in navigator)) return work()
  return navigator.locks.request(KEY, work) as Promise<T>
}

function storages(): Storage[] {
  try {
    return [localStorage, sessionStorage]
  } catch {
    return []
  }
}

function storedToken(): string | null {
  for (const storage of storages()) {
    const token = storage.getItem(KEY)
    if (token) return token
  }
  return null
}

function isKept(): boolean {
  return storages()[0]?.getItem(KEY) != null
}

function store(token: string, keep: boolean): void {
  storages()[keep ? 0 : 1]?.setItem(KEY, token)
}

function clearStored(): void {
  for (const storage of storages()) storage.removeItem(KEY)
}
