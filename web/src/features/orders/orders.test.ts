import { describe, expect, it } from 'vitest'
import type { Order } from '@/client/api'
import { someLeft, someOrder } from '@/test/fixtures'
import { editAsked, shippingProblem } from './edit'
import { exportName, exportPath, isQueue, ordersParams, readOrdersSearch } from './filters'
import { amountProblem, refundAsked } from './refund'
import { mayCancel, mayEdit, mayRefund, mayReturn, maySend, nextStep } from './rules'
import { trackingBody, urlProblem } from './tracking'

const TODAY = '2026-11-21'

describe('the address of the list', () => {
  it('keeps what makes sense and drops the rest', () => {
    expect(
      readOrdersSearch({ status: ['shipped', 'nonsense', 'pending'], q: ' ', range: '7d', x: '1' }),
    ).toEqual({ status: ['pending', 'shipped'], range: '7d' })
    expect(readOrdersSearch({ range: 'never', channel: 'shop' })).toEqual({ channel: ['shop'] })
  })

  it('asks the API for half-open days', () => {
    expect(ordersParams({ range: '2026-11-01..2026-11-03' }, TODAY)).toMatchObject({
      from: '2026-11-01',
      to: '2026-11-04',
    })
    expect(ordersParams({}, TODAY)).toEqual({ status: [], channel: [], country: [] })
  })

  it('is a queue only with exactly its states', () => {
    expect(isQueue({ status: ['confirmed', 'processing'] }, ['confirmed', 'processing'])).toBe(true)
    expect(isQueue({ status: ['confirmed'] }, ['confirmed', 'processing'])).toBe(false)
    expect(isQueue({}, [])).toBe(true)
  })

  it('names and addresses the export by its filters', () => {
    const search = readOrdersSearch({ status: ['shipped'], q: 'A/1', range: '7d' })
    expect(exportName(search)).toBe('orders-shipped-7d-A-1.csv')
    expect(exportPath(ordersParams(search, TODAY))).toBe(
      '/api/v1/orders/export?status=shipped&from=2026-11-15&to=2026-11-22&q=A%2F1',
    )
    expect(exportPath(ordersParams({}, TODAY))).toBe('/api/v1/orders/export')
  })
})

describe('what may be done', () => {
  it.each([
    ['pending', 'confirmed'],
    ['confirmed', 'processing'],
    ['shipped', 'delivered'],
    ['delivered', undefined],
    ['cancelled', undefined],
  ] as const)('%s goes on to %s', (status, next) => {
    expect(nextStep(someOrder({ status }))?.status).toBe(next)
  })

  it('sends only what was sold and is left', () => {
    expect(maySend(someOrder(), someLeft()).allowed).toBe(true)
    expect(maySend(someOrder({ status: 'pending' }), someLeft()).why).toMatch(/Confirm/)
    expect(maySend(someOrder({ status: 'shipped' }), someLeft()).why).toMatch(/shipped/)
    const none = someLeft({ lines: [{ line_no: 1, to_send: 0, to_return: 3, to_refund: 3 }] })
    expect(maySend(someOrder(), none).why).toMatch(/left to send/)
  })

  it('cancels only what has not left', () => {
    expect(mayCancel(someOrder()).allowed).toBe(true)
    expect(mayCancel(someOrder({ fulfillment_status: 'partial' })).why).toMatch(/part of it/)
    expect(mayCancel(someOrder({ status: 'delivered' })).why).toMatch(/delivered/)
  })

  it('changes the lines of what is sold, not sent, and not paid back', () => {
    expect(mayEdit(someOrder()).allowed).toBe(true)
    expect(mayEdit(someOrder({ status: 'pending' })).why).toMatch(/Confirm/)
    expect(mayEdit(someOrder({ status: 'shipped' })).why).toMatch(/shipped/)
    const refund = { refund_id: 'r', amount: 5 } as unknown as Order['refunds'][number]
    expect(mayEdit(someOrder({ refunds: [refund] })).why).toMatch(/given back/)
  })

  it('gives back and takes back only what is there', () => {
    expect(mayRefund(someLeft({ refundable: 0 })).allowed).toBe(false)
    expect(mayRefund(someLeft()).allowed).toBe(true)
    expect(mayReturn(someOrder(), someLeft()).why).toBe('Nothing was sent yet.')
    expect(mayReturn(someOrder({ status: 'delivered' }), someLeft()).why).toMatch(/already/)
  })
})

describe('other lines', () => {
  const none = { units: {}, added: [], shipping: null, reason: '' }
  const cup = { product_id: 'p2', sku: 'CUP', name: 'Cup', quantity: 2 }

  it('asks for what differs, and for nothing when nothing does', () => {
    const order = someOrder()
    expect(editAsked(order, none)).toBeNull()
    expect(editAsked(order, { ...none, units: { 1: 3 } })).toBeNull()
    expect(editAsked(order, { ...none, added: [{ ...cup, quantity: 0 }] })).toBeNull()
    expect(editAsked(order, { ...none, shipping: String(order.shipping) })).toBeNull()
    expect(editAsked(order, { ...none, units: { 1: 2 }, added: [cup], reason: ' Asked ' })).toEqual(
      {
        quantities: [{ line_no: 1, quantity: 2 }],
        add: [{ sku: 'CUP', quantity: 2 }],
        reason: 'Asked',
      },
    )
    expect(editAsked(order, { ...none, shipping: '1,50' })).toEqual({
      quantities: [],
      add: [],
      shipping: '1.50',
      reason: null,
    })
  })

  it('leaves something of the order: without, it is cancelled', () => {
    expect(editAsked(someOrder(), { ...none, units: { 1: 0 } })).toBeNull()
    expect(editAsked(someOrder(), { ...none, units: { 1: 0 }, added: [cup] })).not.toBeNull()
  })

  it('knows an amount', () => {
    expect(shippingProblem(null)).toBeNull()
    expect(shippingProblem('0')).toBeNull()
    expect(shippingProblem('free')).toMatch(/amount/)
    expect(shippingProblem('-1')).toMatch(/amount/)
  })
})

describe('a refund', () => {
  const typed = { mode: 'units', lines: [], shipping: false, amount: '', reason: ' ' } as const

  it('asks for nothing until something is chosen', () => {
    expect(refundAsked({ ...typed, lines: [] })).toBeNull()
    expect(refundAsked({ ...typed, lines: [], mode: 'amount', amount: '0' })).toBeNull()
  })

  it('asks for units, shipping, an amount, or all that is left', () => {
    const lines = [{ line_no: 1, quantity: 2 }]
    expect(refundAsked({ ...typed, lines, reason: 'chipped' })).toEqual({
      lines,
      with_shipping: false,
      reason: 'chipped',
    })
    expect(refundAsked({ ...typed, lines: [], shipping: true })).toEqual({
      with_shipping: true,
      reason: null,
    })
    expect(refundAsked({ ...typed, lines, mode: 'amount', amount: '12,50' })).toEqual({
      with_shipping: false,
      reason: null,
      amount: '12.50',
    })
    expect(refundAsked({ ...typed, lines, mode: 'all' })).toEqual({
      with_shipping: false,
      reason: null,
    })
  })

  it('is never more than is left', () => {
    expect(amountProblem('10.01', 10, 'EUR')).toBe('Only €10.00 are left to give back.')
    expect(amountProblem('10.00', 10, 'EUR')).toBeNull()
    expect(amountProblem('ten', 10, 'EUR')).toMatch(/12.50/)
  })
})

describe('tracking', () => {
  it('is a web address or none', () => {
    expect(urlProblem('')).toBeNull()
    expect(urlProblem('https://track.example/1')).toBeNull()
    expect(urlProblem('javascript:alert(1)')).not.toBeNull()
    expect(urlProblem('track.example')).not.toBeNull()
  })

  it('is sent without blanks', () => {
    expect(trackingBody({ carrier: ' DHL ', number: '', url: '' })).toEqual({
      carrier: 'DHL',
      tracking_number: null,
      tracking_url: null,
    })
  })
})
