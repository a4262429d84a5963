/** The server as the page sees it: answers by path, and a socket that the test speaks through. */
import { act } from '@testing-library/react'
import { vi } from 'vitest'
import type { Filters, Metrics } from '@/client/api'
import {
  someFilters,
  someGrid,
  someLiveFilters,
  someLiveSales,
  someMe,
  someMetrics,
} from './fixtures'

export class TestSocket {
  static all: TestSocket[] = []
  static get last(): TestSocket {
    const last = TestSocket.all.at(-1)
    if (!last) throw new Error('The page opened no socket.')
    return last
  }

  readyState = 0
  sent: unknown[] = []
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null

  constructor(readonly url: string) {
    TestSocket.all.push(this)
  }
  send(text: string) {
    this.sent.push(JSON.parse(text))
  }
  close() {
    this.readyState = 3
  }
  says(message: object) {
    act(() => this.onmessage?.({ data: JSON.stringify(message) }))
  }
  goesLive(data: Metrics) {
    this.readyState = 1
    act(() => this.onopen?.())
    this.says({ type: 'ready' })
    this.says({ type: 'metrics', seq: 1, data, changed: [] })
  }
  breaks() {
    act(() => this.onclose?.({ code: 1006 }))
  }
}

type Answer = () => Promise<Response> | Response
type Handler = (request: Asked) => Promise<Response> | Response

/** A request as the server got it. */
export type Asked = {
  method: string
  url: URL
  key: string | null
  ifMatch: string | null
  body: unknown
}

export class TestServer {
  filters: Answer = () => json(someFilters())
  metrics: Answer = () => json(someMetrics())
  me = () => someMe()
  /** Every address asked for, newest last. */
  asked: URL[] = []
  /** Every request that changes something, newest last. */
  written: Asked[] = []
  readonly #handlers = new Map<string, Handler>([
    ['GET /live/grid', () => json(someGrid())],
    ['GET /live/sales', () => json(someLiveSales())],
    ['GET /live/filters', () => json(someLiveFilters())],
    ['GET /channels/freshness', () => json({ items: [] })],
  ])

  /** Answers `GET /path`, with what stands behind /api/v1 as the path. A later answer takes its place. */
  on(what: string, handler: Handler): this {
    this.#handlers.set(what, handler)
    return this
  }

  start(): this {
    TestSocket.all = []
    vi.stubGlobal('WebSocket', TestSocket)
    vi.stubGlobal('fetch', async (input: Request | string) => {
      const url = new URL(typeof input === 'string' ? input : input.url, 'http://localhost')
      this.asked.push(url)
      if (url.pathname === '/api/v1/auth/refresh') return json(tokens())
      if (url.pathname === '/api/v1/dashboard/filters') return this.filters()
      if (url.pathname === '/api/v1/dashboard/metrics') return this.metrics()
      if (url.pathname === '/api/v1/auth/me') return json(this.me())
      const request = await readRequest(input, url)
      if (request.method !== 'GET') this.written.push(request)
      const handler = this.#handlers.get(`${request.method} ${url.pathname.replace('/api/v1', '')}`)
      return handler ? handler(request) : problem(404, 'Not found', 'No such path.')
    })
    return this
  }

  shows(metrics: Metrics, filters: Filters = someFilters()): void {
    this.metrics = () => json(metrics)
    this.filters = () => json(filters)
  }
}

async function readRequest(input: Request | string, url: URL): Promise<Asked> {
  if (typeof input === 'string') return { method: 'GET', url, key: null, ifMatch: null, body: null }
  const text = await input.clone().text()
  const isJson = input.headers.get('content-type')?.includes('json') && text !== ''
  return {
    method: input.method,
    url,
    key: input.headers.get('idempotency-key'),
    ifMatch: input.headers.get('if-match'),
    body: isJson ? (JSON.parse(text) as unknown) : text,
  }
}

/** A page of a list; the cursor of the next one, if there is one. */
export function page(items: unknown[], next_cursor: string | null = null): Response {
  return json({ items, next_cursor })
}

export function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json' },
  })
}

export function problem(status: number, title: string, detail: string, code = 'x'): Response {
  return json({ type: 'about:blank', title, status, detail, code, request_id: 'r1' }, status)
}

function tokens() {
  return { access_token: 'a', token_type: 'bearer', expires_in: 3600, refresh_token: 'r' }
}
