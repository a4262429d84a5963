import { Link } from '@tanstack/react-router'
import clsx from 'clsx'
import { type ReactNode, useState } from 'react'
import { REPORTS } from '@/features/shell/pages'
import { Page } from '@/ui/Page'
import { PILLS } from '@/ui/pills'
import { ExplainSheet } from './ExplainSheet'
import { type Explained, ExplainPlace } from './explaining'

type InsightsPageProps = { title: string; actions?: ReactNode; children: ReactNode }

/** One of the reports: the way to the others, and the place where its figures open. */
export function InsightsPage({ title, actions, children }: InsightsPageProps) {
  const [opened, setOpened] = useState<Explained | null>(null)
  return (
    <ExplainPlace.Provider value={setOpened}>
      <Page title={title} actions={actions}>
        <div className="space-y-4">
          <nav aria-label="Reports" className={PILLS}>
            {REPORTS.map(({ to, label }) => (
              <Link
                key={to}
                to={to}
                search={{}}
                className={clsx(
                  'flex h-9 shrink-0 items-center rounded-full px-3.5 font-medium pointer-coarse:h-11',
                  'text-muted hover:bg-sunk hover:text-ink data-[status=active]:bg-accent-soft data-[status=active]:text-accent',
                )}
                activeOptions={{ includeSearch: false }}
              >
                {label}
              </Link>
            ))}
          </nav>
          {children}
        </div>
      </Page>
      <ExplainSheet what={opened} onClose={() => setOpened(null)} />
    </ExplainPlace.Provider>
  )
}
