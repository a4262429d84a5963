import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it, vi } from 'vitest'
import { App } from '@/App'
import { ownPath } from '@/router'
import { problem, TestServer } from '@/test/server'
import { session } from './session'

beforeEach(() => {
  session.signOut()
  new TestServer().start()
})

it('somebody who is not signed in is asked to, and then sees what they came for', async () => {
  window.history.replaceState(null, '', '/?range=7d')
  render(<App />)
  expect(await screen.findByRole('heading', { name: 'Sign in' })).toBeVisible()
  const fetching = globalThis.fetch
  vi.stubGlobal('fetch', (input: Request | string) =>
    String(input) === '/api/v1/auth/login'
      ? new Response(
          JSON.stringify({
            access_token: 'a',
            expires_in: 3600,
            refresh_token: 'r',
            token_type: '',
          }),
        )
      : fetching(input),
  )
  await userEvent.type(screen.getByLabelText('Username'), 'admin')
  await userEvent.type(screen.getByLabelText('Password'), 'secret{Enter}')
  expect(await screen.findByRole('button', { name: /^Revenue €/ })).toBeVisible()
  expect(window.location.search).toBe('?range=7d')
})

it('a wrong password is said where it was typed', async () => {
  window.history.replaceState(null, '', '/login')
  render(<App />)
  await screen.findByRole('heading', { name: 'Sign in' })
  vi.stubGlobal('fetch', () => problem(401, 'Not signed in', 'The password is not right.'))
  await userEvent.type(screen.getByLabelText('Username'), 'admin')
  await userEvent.type(screen.getByLabelText('Password'), 'wrong{Enter}')
  expect(await screen.findByText('The password is not right.')).toBeVisible()
  expect(screen.getByLabelText('Password')).toHaveAccessibleDescription(
    'The password is not right.',
  )
})

it('who has a second factor is asked for the code, and it goes along', async () => {
  window.history.replaceState(null, '', '/login')
  render(<App />)
  await screen.findByRole('heading', { name: 'Sign in' })
  const sent: string[] = []
  vi.stubGlobal('fetch', (_: string, init?: RequestInit) => {
    sent.push(String(init?.body))
    return problem(401, 'Please sign in', 'Send the code too.', 'second_factor_needed')
  })
  expect(screen.queryByLabelText(/^Code of your/)).toBeNull()
  await userEvent.type(screen.getByLabelText('Username'), 'ada')
  await userEvent.type(screen.getByLabelText('Password'), 'secret{Enter}')
  const field = await screen.findByLabelText(/^Code of your/)
  expect(field).toHaveFocus()
  expect(screen.getByLabelText('Password')).toBeValid()
  await userEvent.type(field, '123456{Enter}')
  expect(sent.map((body) => JSON.parse(body) as object)).toEqual([
    { username: 'ada', password: 'secret' },
    { username: 'ada', password: 'secret', code: '123456' },
  ])
})

it.each([
  ['/?range=7d', '/?range=7d'],
  ['https://elsewhere.example/', undefined],
  ['//elsewhere.example/', undefined],
  ['/\\elsewhere.example', undefined],
  ['/login?next=/', undefined],
  [undefined, undefined],
])('after sign-in %s leads to %s', (next, path) => {
  expect(ownPath(next)).toBe(path)
})
