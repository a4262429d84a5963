import { expect, it } from 'vitest'
import { someFilters } from '@/test/fixtures'
import { channelColors, choicesOf } from './choices'

it('countries are listed by name, not by code', () => {
  const filters = someFilters({ countries: ['DE', 'AT', 'GB'] })
  expect(choicesOf('country', filters).map(({ label }) => label)).toEqual([
    'Austria',
    'Germany',
    'United Kingdom',
  ])
})

it('a chosen value that the store no longer lists can still be taken back', () => {
  expect(choicesOf('category', someFilters(), ['Gone'])).toContainEqual({
    value: 'Gone',
    label: 'Gone',
  })
})

it('a channel keeps its colour, and a sixth one gets a colour too', () => {
  const channels = ['f', 'e', 'd', 'c', 'b', 'a'].map((channel) => ({ channel, name: channel }))
  const color = channelColors(someFilters({ channels }), null)
  expect(color('a')).toBe('var(--c1)')
  expect(color('f')).toBe('var(--c6)')
  expect(channelColors(undefined, null)('a')).toBe('var(--c6)')
})
