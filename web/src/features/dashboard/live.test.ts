import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Metrics } from '@/client/api'
import type { MetricsParams } from './filters'
import { backoff, LiveChannel, type LiveState } from './live'

/** A server's end of the line: the test decides what arrives and when the line breaks. */
class Line {
  readyState = 0
  sent: { type: string; token?: string; params?: unknown }[] = []
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null

  send(text: string) {
    this.sent.push(JSON.parse(text))
  }
  close() {
    this.readyState = 3
  }
  opens() {
    this.readyState = 1
    this.onopen?.()
  }
  says(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) })
  }
  breaks(code = 1006) {
    this.readyState = 3
    this.onclose?.({ code })
  }
  goesLive(data = metrics(1)) {
    this.opens()
    this.says({ type: 'ready' })
    this.says({ type: 'metrics', seq: 1, data })
  }
}

const params: MetricsParams = { grain: 'day', channel: [], category: [], country: [] }
const metrics = (total_revenue: number) => ({ total_revenue }) as Metrics

function start(token = vi.fn(async () => 'token')) {
  const lines: Line[] = []
  const states: LiveState[] = []
  const onMetrics = vi.fn()
  const onGap = vi.fn()
  const channel = new LiveChannel({
    url: 'ws://shop/ws/dashboard',
    token,
    onMetrics,
    onGap,
    onState: (state) => states.push(state),
    open: () => {
      const line = new Line()
      lines.push(line)
      return line as unknown as WebSocket
    },
    random: () => 1,
  })
  const line = () => lines.at(-1) as Line
  const kind = () => states.at(-1)?.kind
  return { channel, lines, line, states, kind, onMetrics, onGap, token }
}

const settle = () => vi.advanceTimersByTimeAsync(0)

async function startLive() {
  const live = start()
  live.channel.subscribe(params)
  await settle()
  live.line().goesLive()
  return live
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('connecting', () => {
  it('authenticates, subscribes and is live with the first document', async () => {
    const { line, kind, onMetrics } = await startLive()
    expect(line().sent).toEqual([
      { type: 'auth', token: 'token' },
      { type: 'subscribe', params },
    ])
    expect(kind()).toBe('live')
    expect(onMetrics).toHaveBeenCalledExactlyOnceWith(metrics(1), params)
  })

  it('gives up on a server that never gets ready', async () => {
    const { channel, line, kind } = start()
    channel.subscribe(params)
    await settle()
    line().opens()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(kind()).toBe('reconnecting')
  })
})

describe('a new subscription', () => {
  it('does not flicker the light, unless the answer is late', async () => {
    const { channel, kind } = await startLive()
    channel.subscribe({ ...params, channel: ['amazon'] })
    await vi.advanceTimersByTimeAsync(999)
    expect(kind()).toBe('live')
    await vi.advanceTimersByTimeAsync(1)
    expect(kind()).toBe('connecting')
  })
})

describe('documents', () => {
  it('are handed over at most four times a second, and the newest wins', async () => {
    const { line, onMetrics } = await startLive()
    for (let seq = 2; seq <= 20; seq++) line().says({ type: 'metrics', seq, data: metrics(seq) })
    expect(onMetrics).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(250)
    expect(onMetrics).toHaveBeenCalledTimes(2)
    expect(onMetrics).toHaveBeenLastCalledWith(metrics(20), params)
  })

  it('with a number missing between them ask for a fresh read', async () => {
    const { line, onGap } = await startLive()
    line().says({ type: 'metrics', seq: 2, data: metrics(2) })
    expect(onGap).not.toHaveBeenCalled()
    line().says({ type: 'metrics', seq: 4, data: metrics(4) })
    expect(onGap).toHaveBeenCalledOnce()
  })

  it('that a heartbeat has counted and we have not ask for a fresh read', async () => {
    const { line, onGap } = await startLive()
    line().says({ type: 'heartbeat', seq: 1 })
    expect(onGap).not.toHaveBeenCalled()
    line().says({ type: 'heartbeat', seq: 3 })
    expect(onGap).toHaveBeenCalledOnce()
  })

  it('of an older subscription never arrive after a new one', async () => {
    const { channel, lines, onMetrics } = await startLive()
    channel.subscribe({ ...params, channel: ['amazon'] })
    await settle()
    lines[0]?.says({ type: 'metrics', seq: 2, data: metrics(999) })
    await vi.advanceTimersByTimeAsync(1000)
    expect(onMetrics).not.toHaveBeenCalledWith(metrics(999), expect.anything())
    expect(lines).toHaveLength(2)
  })

  it('that are not JSON are ignored', async () => {
    const { line, kind } = await startLive()
    line().onmessage?.({ data: 'garbage' })
    expect(kind()).toBe('live')
  })
})

describe('a line that breaks', () => {
  it('is tried again, each time later', async () => {
    const { lines, line, states } = await startLive()
    line().breaks()
    expect(states.at(-1)).toMatchObject({ kind: 'reconnecting', attempt: 1 })
    await vi.advanceTimersByTimeAsync(1000)
    expect(lines).toHaveLength(2)
    line().breaks()
    await vi.advanceTimersByTimeAsync(1999)
    expect(lines).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(1)
    expect(lines).toHaveLength(3)
  })

  it('is not tried any faster when it comes back only to break again', async () => {
    const { lines, line } = await startLive()
    line().breaks()
    await vi.advanceTimersByTimeAsync(1000)
    line().goesLive()
    line().breaks()
    await vi.advanceTimersByTimeAsync(1999)
    expect(lines).toHaveLength(2)
  })

  it('after it held for a while is tried again soon', async () => {
    const { lines, line } = await startLive()
    line().breaks()
    await vi.advanceTimersByTimeAsync(1000)
    line().goesLive()
    await vi.advanceTimersByTimeAsync(10_000)
    line().breaks()
    await vi.advanceTimersByTimeAsync(1000)
    expect(lines).toHaveLength(3)
  })

  it('is noticed even when it breaks without a word', async () => {
    const { kind } = await startLive()
    await vi.advanceTimersByTimeAsync(35_000)
    expect(kind()).toBe('reconnecting')
  })

  it('stays alive on heartbeats alone', async () => {
    const { line, kind } = await startLive()
    for (let i = 0; i < 10; i++) {
      await vi.advanceTimersByTimeAsync(15_000)
      line().says({ type: 'heartbeat', seq: 1 })
    }
    expect(kind()).toBe('live')
  })

  it('because the token ran out renews it and returns at once', async () => {
    const { lines, line, token } = await startLive()
    line().breaks(4401)
    await settle()
    expect(lines).toHaveLength(2)
    expect(token).toHaveBeenLastCalledWith(true)
  })

  it('because the server is full waits a while', async () => {
    const { lines, line } = await startLive()
    line().breaks(1013)
    await vi.advanceTimersByTimeAsync(4999)
    expect(lines).toHaveLength(1)
  })

  it('is tried at once when asked', async () => {
    const { channel, lines, line } = await startLive()
    line().breaks()
    channel.retryNow()
    await settle()
    expect(lines).toHaveLength(2)
  })
})

describe('a subscription that the server refuses', () => {
  it('is said and not tried again, until there is another', async () => {
    const { channel, lines, line, states, kind } = await startLive()
    line().says({ type: 'error', code: 'invalid_input', detail: 'Too many days.' })
    expect(states.at(-1)).toEqual({ kind: 'refused', detail: 'Too many days.' })
    await vi.advanceTimersByTimeAsync(15_000)
    line().says({ type: 'heartbeat', seq: 1 })
    await vi.advanceTimersByTimeAsync(30_000)
    expect(lines).toHaveLength(1)
    channel.subscribe({ ...params, grain: 'week' })
    await settle()
    line().goesLive()
    expect(kind()).toBe('live')
  })
})

describe('a pause', () => {
  it('closes the line, and the end of it opens a new one', async () => {
    const { channel, lines, line, kind } = await startLive()
    channel.pause('hidden')
    expect(line().readyState).toBe(3)
    expect(kind()).toBe('paused')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(lines).toHaveLength(1)
    channel.resume('hidden')
    await settle()
    expect(lines).toHaveLength(2)
  })

  it('that was asked for outlasts a hidden tab', async () => {
    const { channel, lines, states } = await startLive()
    channel.pause('asked')
    channel.pause('hidden')
    channel.resume('hidden')
    await settle()
    expect(states.at(-1)).toEqual({ kind: 'paused', reason: 'asked' })
    expect(lines).toHaveLength(1)
  })
})

it('waits between half and all of a doubling time, up to half a minute', () => {
  expect(backoff(0, () => 0)).toBe(500)
  expect(backoff(0, () => 1)).toBe(1000)
  expect(backoff(3, () => 1)).toBe(8000)
  expect(backoff(20, () => 1)).toBe(30_000)
})
