/**
 * The live channel: one WebSocket per subscription that pushes whole metrics documents.
 *
 * Promises: a document is handed over only if it answers the present subscription (a changed
 * subscription gets a socket of its own, so nothing from the old one can arrive late); at most four a
 * second; a skipped number is reported as a gap, so that the caller reads afresh; a line that dies
 * silently is noticed by the missing heartbeat. Knows nothing about React, queries or pages.
 */
import type { Metrics } from '@/client/api'
import { SessionEnded } from '@/client/problem'
import type { MetricsParams } from './filters'

export type PauseReason = 'hidden' | 'asked'
export type LiveState =
  | { kind: 'connecting' }
  | { kind: 'live' }
  /** `retryAt` in epoch milliseconds; null while an attempt is under way. */
  | { kind: 'reconnecting'; retryAt: number | null; attempt: number }
  | { kind: 'paused'; reason: PauseReason }
  /** The server is there but will not follow this subscription, and says why. */
  | { kind: 'refused'; detail: string }

type ServerMessage =
  | { type: 'ready' }
  | { type: 'metrics'; seq: number; data: Metrics }
  | { type: 'heartbeat'; seq: number }
  | { type: 'error'; code: string; detail: string }

export type LiveOptions = {
  url: string
  token: (renew: boolean) => Promise<string>
  onMetrics: (metrics: Metrics, params: MetricsParams) => void
  onGap: () => void
  onState: (state: LiveState) => void
  open?: (url: string) => WebSocket
  random?: () => number
}

export const CLOSE_TOKEN_REFUSED = 4401
export const CLOSE_TRY_LATER = 1013

const PAINT_EVERY_MS = 250
/** Two missed heartbeats (15 s apart) and some grace. */
const SILENCE_MS = 35_000
const READY_WITHIN_MS = 10_000
/** A new subscription is normally answered well within this; only then does the light change. */
const UNNOTICED_MS = 1_000
/** A line that held this long was good; one that breaks sooner is not tried any faster. */
const STEADY_MS = 10_000
const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 30_000
const TRY_LATER_MS = 5_000

/** Doubling delay with jitter, so that clients of a restarted server do not all come back at once. */
export function backoff(attempt: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt)
  return ceiling / 2 + (random() * ceiling) / 2
}

export class LiveChannel {
  readonly #options: LiveOptions
  readonly #pauses = new Set<PauseReason>()
  #params: MetricsParams | null = null
  #socket: WebSocket | null = null
  /** Grows with every attempt; what belongs to an older one is ignored. */
  #epoch = 0
  #attempt = 0
  #seq: number | null = null
  #renewToken = false
  #retry: ReturnType<typeof setTimeout> | undefined
  #notice: ReturnType<typeof setTimeout> | undefined
  #watchdog: ReturnType<typeof setTimeout> | undefined
  #paint: ReturnType<typeof setTimeout> | undefined
  #pending: Metrics | null = null
  #lastPaint = 0
  #wasLive = false
  #liveSince: number | null = null

  constructor(options: LiveOptions) {
    this.#options = options
  }

  /** Follows these parameters from now on. */
  subscribe(params: MetricsParams): void {
    this.#params = params
    this.#attempt = 0
    if (this.#pauses.size === 0) this.#connect()
  }

  pause(reason: PauseReason): void {
    this.#pauses.add(reason)
    this.#drop()
    this.#state({ kind: 'paused', reason: this.#pauses.has('asked') ? 'asked' : 'hidden' })
  }

  resume(reason: PauseReason): void {
    if (!this.#pauses.delete(reason)) return
    if (this.#pauses.size > 0) {
      this.#state({ kind: 'paused', reason: this.#pauses.has('asked') ? 'asked' : 'hidden' })
      return
    }
    this.#attempt = 0
    this.#wasLive = false
    this.#connect()
  }

  /** Tries at once instead of waiting for the next attempt. */
  retryNow(): void {
    if (this.#pauses.size > 0 || this.#socket) return
    this.#attempt = 0
    this.#connect()
  }

  close(): void {
    this.#drop()
    this.#params = null
  }

  async #connect(): Promise<void> {
    this.#drop()
    const params = this.#params
    if (!params) return
    const epoch = this.#epoch
    if (this.#attempt > 0) {
      this.#state({ kind: 'reconnecting', retryAt: null, attempt: this.#attempt })
    } else if (this.#wasLive) {
      this.#notice = setTimeout(() => this.#state({ kind: 'connecting' }), UNNOTICED_MS)
    } else this.#state({ kind: 'connecting' })

    let token: string
    try {
      token = await this.#options.token(this.#renewToken)
    } catch (error) {
      // A session that has ended leaves this page; anything else may pass.
      if (epoch === this.#epoch && !(error instanceof SessionEnded)) this.#lost(null)
      return
    }
    if (epoch !== this.#epoch) return
    this.#renewToken = false

    const socket = (this.#options.open ?? ((url) => new WebSocket(url)))(this.#options.url)
    this.#socket = socket
    this.#expectWithin(READY_WITHIN_MS)
    const send = (message: object) => socket.send(JSON.stringify(message))
    socket.onopen = () => {
      if (epoch === this.#epoch) send({ type: 'auth', token })
    }
    socket.onmessage = (event) => {
      if (epoch !== this.#epoch) return
      const message = parse(event.data)
      if (!message) return
      if (message.type === 'ready') send({ type: 'subscribe', params })
      else this.#receive(message)
    }
    socket.onclose = (event) => {
      if (epoch === this.#epoch) this.#lost(event.code)
    }
  }

  #receive(message: ServerMessage): void {
    this.#expectWithin(SILENCE_MS)
    if (message.type === 'metrics') {
      clearTimeout(this.#notice)
      const gap = this.#seq !== null && message.seq !== this.#seq + 1
      this.#seq = message.seq
      this.#liveSince ??= Date.now()
      this.#wasLive = true
      this.#state({ kind: 'live' })
      this.#hand(message.data)
      if (gap) this.#options.onGap()
    } else if (message.type === 'error') {
      this.#wasLive = false
      this.#state({ kind: 'refused', detail: message.detail })
    } else if (message.type === 'heartbeat' && this.#seq !== null && message.seq !== this.#seq) {
      this.#seq = message.seq
      this.#options.onGap()
    }
  }

  /** Hands over the newest document, at most one per paint interval. */
  #hand(metrics: Metrics): void {
    this.#pending = metrics
    if (this.#paint !== undefined) return
    const wait = Math.max(0, this.#lastPaint + PAINT_EVERY_MS - Date.now())
    const paint = () => {
      this.#paint = undefined
      const newest = this.#pending
      this.#pending = null
      if (!newest || !this.#params) return
      this.#lastPaint = Date.now()
      this.#options.onMetrics(newest, this.#params)
    }
    if (wait === 0) paint()
    else this.#paint = setTimeout(paint, wait)
  }

  #lost(code: number | null): void {
    if (this.#liveSince !== null && Date.now() - this.#liveSince >= STEADY_MS) this.#attempt = 0
    this.#drop()
    this.#wasLive = false
    if (code === CLOSE_TOKEN_REFUSED) this.#renewToken = true
    let wait = backoff(this.#attempt, this.#options.random ?? Math.random)
    // The first refusal of a token is the usual end of its hour: renew and return at once.
    if (code === CLOSE_TOKEN_REFUSED && this.#attempt === 0) wait = 0
    if (code === CLOSE_TRY_LATER) wait = Math.max(wait, TRY_LATER_MS)
    this.#attempt += 1
    this.#state({
      kind: 'reconnecting',
      retryAt: wait === 0 ? null : Date.now() + wait,
      attempt: this.#attempt,
    })
    this.#retry = setTimeout(() => void this.#connect(), wait)
  }

  #expectWithin(ms: number): void {
    clearTimeout(this.#watchdog)
    this.#watchdog = setTimeout(() => this.#lost(null), ms)
  }

  /** Ends the present attempt; nothing of it is heard of again. */
  #drop(): void {
    this.#epoch += 1
    for (const timer of [this.#retry, this.#notice, this.#watchdog, this.#paint]) {
      clearTimeout(timer)
    }
    this.#paint = undefined
    this.#pending = null
    this.#seq = null
    this.#liveSince = null
    const socket = this.#socket
    this.#socket = null
    if (!socket) return
    // Closing a socket that is still opening logs a warning, so let it open first.
    if (socket.readyState === 0) socket.onopen = () => socket.close(1000)
    else socket.close(1000)
  }

  #state(state: LiveState): void {
    this.#options.onState(state)
  }
}

function parse(data: unknown): ServerMessage | null {
  try {
    return JSON.parse(String(data)) as ServerMessage
  } catch {
    return null
  }
}

export function liveUrl(location: Location = window.location): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws/dashboard`
}
