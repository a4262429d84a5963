import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { asProblem } from '@/client/problem'
import { session } from '@/features/session/session'
import { makeRouter } from './router'

const MOST_RETRIES = 2

function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < MOST_RETRIES && asProblem(error).retryable,
        retryDelay: (failures) => 500 * 2 ** failures,
        // Whether the line works is for the request to say; "offline" is often wrong on a laptop
        // that runs its own server.
        networkMode: 'always',
      },
    },
  })
}

export function App() {
  const [client] = useState(makeQueryClient)
  const [router] = useState(makeRouter)
  useEffect(
    () =>
      session.onEnd(() => {
        // Several requests may be told at once; the first one leads to the sign-in page.
        const { href, pathname } = router.latestLocation
        if (pathname === '/login') return
        const next = href === '/' ? undefined : href
        void router
          .navigate({ to: '/login', search: { next, ended: '1' } })
          .then(() => client.clear())
      }),
    [router, client],
  )
  return (
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  )
}
