import { render } from '@testing-library/react'
import { createElement } from 'react'
import { App } from '@/App'
import { session } from '@/features/session/session'
import { TestServer } from './server'

/** A server, and somebody signed in at it. */
export function signedIn(): TestServer {
  session.signOut()
  sessionStorage.setItem('tradewind.refresh', 'r')
  return new TestServer().start()
}

/** The app at an address. */
export function open(address: string): void {
  window.history.replaceState(null, '', address)
  render(createElement(App))
}

export const address = () => window.location.pathname + window.location.search
