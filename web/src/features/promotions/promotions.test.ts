import { describe, expect, it } from 'vitest'
import type { PromotionKind } from '@/client/api'
import { somePromotion } from '@/test/promotions'
import { draftOf, draftProblems, newDraft, switched, termsOf } from './draft'
import { promotionsParams, readPromotionsSearch } from './filters'
import { conditionsOf, stateOf, takesOff, whenOf } from './words'

const BERLIN = 'Europe/Berlin'
const NOW = Date.parse('2026-11-21T12:00:00Z')

describe('how a promotion stands', () => {
  it.each([
    [{}, 'running'],
    [{ is_active: false, ends_at: '2026-01-01T00:00:00Z' }, 'off'],
    [{ ends_at: '2026-11-21T12:00:00Z' }, 'ended'],
    [{ ends_at: '2026-11-21T12:00:01Z' }, 'running'],
    [{ starts_at: '2026-11-21T12:00:01Z' }, 'scheduled'],
    [{ starts_at: '2026-11-21T12:00:00Z' }, 'running'],
    [{ total_limit: 5, used: 5 }, 'used_up'],
    [{ total_limit: 5, used: 4 }, 'running'],
  ] as const)('%o: %s', (changes, state) => {
    expect(stateOf(somePromotion(changes), NOW)).toBe(state)
  })

  it('is told in words', () => {
    expect(takesOff(somePromotion())).toBe('10 % off')
    expect(takesOff(somePromotion({ kind: 'amount', amount: 5, currency: 'EUR' }))).toBe(
      '€5.00 off',
    )
    const buy = { kind: 'buy_x_get_y', buy: 2, get: 1, percent: null } as const
    expect(takesOff(somePromotion(buy))).toBe('Buy 2, get 1 free')
    expect(takesOff(somePromotion({ ...buy, percent: 50 }))).toBe('Buy 2, get 1 50 % off')
    const conditions = { skus: ['A', 'B'], countries: ['DE'] }
    expect(conditionsOf(somePromotion({ minimum: 50, currency: 'EUR', conditions }))).toEqual([
      'from €50.00',
      '2 SKUs',
      '1 country',
    ])
    expect(whenOf(somePromotion(), BERLIN)).toBe('always')
    const november = { starts_at: '2026-10-31T23:00:00Z', ends_at: '2026-11-30T23:00:00Z' }
    expect(whenOf(somePromotion(november), BERLIN)).toBe('1 – 30 Nov 2026')
    expect(whenOf(somePromotion({ ...november, starts_at: null }), BERLIN)).toBe('to 30 Nov 2026')
  })
})

describe('a promotion in a form', () => {
  it.each([
    ['percent', { percent: '10', amount: null, buy: null, get: null, currency: null }],
    ['amount', { percent: null, amount: '5.00', buy: null, get: null, currency: 'EUR' }],
    ['free_shipping', { percent: null, amount: null, buy: null, get: null, currency: null }],
    ['buy_x_get_y', { percent: '10', amount: null, buy: 2, get: 1, currency: null }],
  ] as [PromotionKind, object][])('of the kind %s sends only what that needs', (kind, sent) => {
    const filled = { ...newDraft('EUR'), kind, name: 'N', code: 'c', percent: '10', amount: '5,00' }
    expect(draftProblems(filled)).toEqual({})
    expect(termsOf(filled, BERLIN)).toMatchObject({ ...sent, code: 'C' })
  })

  it('knows what is wrong with it', () => {
    const empty = newDraft('EUR')
    expect(Object.keys(draftProblems(empty)).sort()).toEqual(['code', 'name', 'percent'])
    const draft = {
      ...empty,
      name: 'N',
      hasCode: false,
      percent: '101',
      total_limit: '0',
      starts_at: '2026-12-02T00:00',
      ends_at: '2026-12-01T00:00',
    }
    expect(Object.keys(draftProblems(draft)).sort()).toEqual(['ends_at', 'percent', 'total_limit'])
  })

  it('comes back as it was read, to the second, whatever its kind', () => {
    const promotion = somePromotion({
      starts_at: '2026-11-01T00:00:00Z',
      ends_at: '2026-11-30T22:59:59Z',
      minimum: 20,
      currency: 'EUR',
      conditions: { skus: ['A', 'B'], category_paths: ['Toys, Games'] },
    })
    const terms = termsOf(draftOf(promotion, BERLIN, 'USD'), BERLIN, promotion)
    expect(terms).toMatchObject({
      starts_at: '2026-11-01T00:00:00Z',
      ends_at: '2026-11-30T22:59:59Z',
      currency: 'EUR',
      conditions: { skus: ['A', 'B'], category_paths: ['Toys, Games'] },
    })
    const moved = { ...draftOf(promotion, BERLIN, 'USD'), ends_at: '2026-12-24T18:00' }
    expect(termsOf(moved, BERLIN, promotion).ends_at).toBe('2026-12-24T17:00:00.000Z')
  })

  it('is switched off with all else as it was', () => {
    const { promotion_id, used, version, created_at, updated_at, ...terms } = somePromotion()
    expect([promotion_id, used, version, created_at, updated_at]).toHaveLength(5)
    expect(switched(somePromotion(), false)).toEqual({ ...terms, is_active: false })
  })
})

it('the address is what the API is asked', () => {
  expect(readPromotionsSearch({ active: 'maybe', q: '' })).toEqual({})
  expect(promotionsParams(readPromotionsSearch({ active: 'no', q: ' ten ', open: 'new' }))).toEqual(
    {
      q: 'ten',
      is_active: false,
    },
  )
})
