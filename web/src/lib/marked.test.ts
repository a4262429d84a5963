import { expect, it } from 'vitest'
import { plainAmount } from './amount'
import { readMarked } from './marked'

it('marked text becomes pieces, and no HTML', () => {
  expect(readMarked('Blue <mark>mug</mark> &amp; &lt;b&gt;')).toEqual([
    { text: 'Blue ', isHit: false },
    { text: 'mug', isHit: true },
    { text: ' & <b>', isHit: false },
  ])
})

it('an escaped ampersand is unescaped once', () => {
  expect(readMarked('&amp;lt;')).toEqual([{ text: '&lt;', isHit: false }])
})

it.each([
  ['12.50', '12.50'],
  ['12,5', '12.5'],
  ['1,250.00', '1250.00'],
  ['1 250', '1250'],
  ['-3', null],
  ['', null],
  ['1.2.3', null],
])('%s is the amount %s', (typed, amount) => {
  expect(plainAmount(typed)).toBe(amount)
})
