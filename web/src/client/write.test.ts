import { expect, it } from 'vitest'
import { Intent, keyed, newKey } from './write'

it('the same content keeps its key until it was done', () => {
  const intent = new Intent()
  const first = intent.keyFor({ a: 1 })
  expect(intent.keyFor({ a: 1 })).toBe(first)
  intent.done()
  expect(intent.keyFor({ a: 1 })).not.toBe(first)
})

it('other content is another intent', () => {
  const intent = new Intent()
  const first = intent.keyFor({ a: 1 })
  expect(intent.keyFor({ a: 2 })).not.toBe(first)
})

it('keys are long and different', () => {
  expect(newKey()).toMatch(/^[0-9a-f]{32}$/)
  expect(newKey()).not.toBe(newKey())
})

it('a version goes along as the tag that the server gave', () => {
  expect(keyed('k', 3)).toEqual({ 'idempotency-key': 'k', 'if-match': '"3"' })
  expect(keyed('k')).toEqual({ 'idempotency-key': 'k' })
})
