import { beforeEach, describe, expect, it, vi } from 'vitest'
import { SessionEnded } from '@/client/problem'
import { fetchSignedIn, Session, session } from './session'

function tokens(name: string, expires_in = 3600) {
  return { access_token: name, token_type: 'bearer', expires_in, refresh_token: `r-${name}` }
}

function answer(body: unknown, status = 200) {
  return new Response(JSON.stringify(body), { status })
}

const fetching = vi.fn<(input: RequestInfo | URL, init?: RequestInit) => Promise<Response>>()

beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
  fetching.mockReset()
  vi.stubGlobal('fetch', fetching)
})

describe('signing in', () => {
  it('keeps nothing beyond the tab unless asked to', async () => {
    fetching.mockImplementation(async () => answer(tokens('a')))
    const here = new Session()
    await here.signIn('admin', 'secret', false)
    expect(sessionStorage.getItem('tradewind.refresh')).toBe('r-a')
    expect(localStorage.length).toBe(0)

    await here.signIn('admin', 'secret', true)
    expect(localStorage.getItem('tradewind.refresh')).toBe('r-a')
    expect(sessionStorage.length).toBe(0)
  })

  it('never writes the access token anywhere', async () => {
    fetching.mockResolvedValueOnce(answer(tokens('secret-access')))
    await new Session().signIn('admin', 'secret', true)
    const stored = JSON.stringify({ ...localStorage, ...sessionStorage })
    expect(stored).not.toContain('"secret-access"')
  })

  it('with a wrong password says what the server said', async () => {
    fetching.mockResolvedValueOnce(
      answer({ title: 'Not signed in', detail: 'The password is not right.' }, 401),
    )
    await expect(new Session().signIn('admin', 'no', false)).rejects.toThrow(
      'The password is not right.',
    )
  })
})

describe('an access token that runs out', () => {
  it('is renewed once for many callers', async () => {
    sessionStorage.setItem('tradewind.refresh', 'r-old')
    fetching.mockResolvedValueOnce(answer(tokens('b')))
    const here = new Session()
    expect(await Promise.all([here.token(), here.token(), here.token()])).toEqual(['b', 'b', 'b'])
    expect(fetching).toHaveBeenCalledTimes(1)
    expect(sessionStorage.getItem('tradewind.refresh')).toBe('r-b')
  })

  it('is renewed without the caller noticing', async () => {
    sessionStorage.setItem('tradewind.refresh', 'r-old')
    fetching
      .mockResolvedValueOnce(answer(tokens('c')))
      .mockResolvedValueOnce(answer({}, 401))
      .mockResolvedValueOnce(answer(tokens('d')))
      .mockResolvedValueOnce(answer({ ok: true }))
      .mockResolvedValue(new Response(null, { status: 204 }))
    const response = await fetchSignedIn(new Request('http://localhost/api/v1/auth/me'))
    expect(await response.json()).toEqual({ ok: true })
    const last = fetching.mock.lastCall?.[0] as Request
    expect(last.headers.get('Authorization')).toBe('Bearer d')
    session.signOut()
  })

  it('ends the session when the refresh token is refused', async () => {
    sessionStorage.setItem('tradewind.refresh', 'r-old')
    fetching.mockResolvedValueOnce(answer({}, 401))
    const here = new Session()
    const ended = vi.fn()
    here.onEnd(ended)
    await expect(here.token()).rejects.toBeInstanceOf(SessionEnded)
    expect(ended).toHaveBeenCalledOnce()
    expect(here.exists).toBe(false)
  })

  it('keeps the session when only the line is down', async () => {
    sessionStorage.setItem('tradewind.refresh', 'r-old')
    fetching.mockRejectedValueOnce(new TypeError('Failed to fetch'))
    const here = new Session()
    await expect(here.token()).rejects.toThrow('Check that Tradewind is running')
    expect(here.exists).toBe(true)
  })
})

it('signing out while a renewal is under way stays signed out', async () => {
  sessionStorage.setItem('tradewind.refresh', 'r-old')
  let release: (response: Response) => void = () => undefined
  fetching.mockImplementationOnce(() => new Promise((resolve) => (release = resolve)))
  fetching.mockResolvedValue(new Response(null, { status: 204 }))
  const here = new Session()
  const renewal = here.token()
  await vi.waitFor(() => expect(fetching).toHaveBeenCalled())
  here.signOut()
  release(answer(tokens('late')))
  await expect(renewal).rejects.toBeInstanceOf(SessionEnded)
  expect(here.exists).toBe(false)
})
