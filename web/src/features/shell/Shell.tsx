import { useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { CircleHelp, Search } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { session } from '@/features/session/session'
import { useShortcuts } from '@/lib/shortcuts'
import { setTheme } from '@/lib/theme'
import { Button } from '@/ui/Button'
import { Key } from '@/ui/Key'
import { Logo } from '@/ui/Logo'
import { Toasts } from '@/ui/Toasts'
import { AccountMenu } from './AccountMenu'
import { HeaderPlace } from './InHeader'
import { PageBar } from './PageBar'
import { useGoKeys } from './useGoKeys'

const HelpSheet = lazy(() => import('./HelpSheet').then((file) => ({ default: file.HelpSheet })))
const Palette = lazy(() => import('./Palette').then((file) => ({ default: file.Palette })))

type Opened = 'help' | 'palette' | null

/** What stays while pages change: the way to all of them, and what is open over them. */
export function Shell() {
  const [place, setPlace] = useState<HTMLElement | null>(null)
  const [opened, setOpened] = useState<Opened>(null)
  // Once loaded they stay, so that they close and open like what was always there.
  const [loaded, setLoaded] = useState<{ help?: true; palette?: true }>({})
  const signOut = useSignOut()
  function show(what: 'help' | 'palette') {
    setLoaded((before) => ({ ...before, [what]: true }))
    setOpened(what)
  }
  useGoKeys()
  usePaletteKey(() => show('palette'))
  useShortcuts({
    D: () => setTheme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'),
    '?': () => show('help'),
  })
  const close = () => setOpened(null)
  return (
    <HeaderPlace.Provider value={place}>
      <a
        href="#page"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded-lg focus:bg-card focus:px-3 focus:py-2"
      >
        Go to the content
      </a>
      <header className="border-b border-line bg-card">
        <div className="mx-auto flex h-15 max-w-[88rem] items-center gap-2 px-4 sm:px-6">
          <Link to="/" search={{}} className="flex items-center gap-2.5 rounded-lg">
            <Logo />
            <span className="text-[1.0625rem] font-semibold tracking-tight max-xl:sr-only">
              Tradewind
            </span>
          </Link>
          <PageBar className="ml-2 flex gap-0.5 max-sm:hidden xl:ml-4" look="top" />
          <div ref={setPlace} className="ml-auto" />
          <Button
            look="plain"
            aria-label="Find anything: Ctrl K"
            aria-keyshortcuts="Control+K"
            title="Find anything"
            className="px-2"
            onClick={() => show('palette')}
          >
            <Search size={18} aria-hidden />
            <Key className="max-lg:hidden">Ctrl K</Key>
          </Button>
          <Button
            look="plain"
            aria-label="Help and keyboard shortcuts"
            title="Help (?)"
            className="px-2 max-sm:hidden"
            onClick={() => show('help')}
          >
            <CircleHelp size={18} aria-hidden />
          </Button>
          <AccountMenu onHelp={() => show('help')} onSignOut={signOut} />
        </div>
      </header>
      <div
        id="page"
        tabIndex={-1}
        className="min-h-[calc(100dvh-3.75rem)] outline-none max-sm:pb-16"
      >
        <Outlet />
      </div>
      <PageBar
        className="fixed inset-x-0 bottom-0 z-20 grid h-16 grid-flow-col border-t border-line bg-card sm:hidden"
        look="bottom"
      />
      <Toasts />
      <Suspense>
        {loaded.help && <HelpSheet open={opened === 'help'} onClose={close} />}
        {loaded.palette && (
          <Palette open={opened === 'palette'} onClose={close} onHelp={() => show('help')} />
        )}
      </Suspense>
    </HeaderPlace.Provider>
  )
}

/** Ctrl K, or Cmd K; also from within a field. */
function usePaletteKey(open: () => void): void {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== 'k')
        return
      event.preventDefault()
      if (!document.querySelector('dialog[open]')) open()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  })
}

function useSignOut(): () => void {
  const navigate = useNavigate()
  const client = useQueryClient()
  return () => {
    session.signOut()
    void navigate({ to: '/login', search: {} }).then(() => client.clear())
  }
}
