import { METRICS } from '@/features/dashboard/filters'
import { METRIC_FACTS } from '@/features/dashboard/metrics'
import { PRESETS } from '@/lib/period'
import { Sheet } from '@/ui/Sheet'
import { PAGES, reportName, REPORTS } from './pages'

type Keys = [key: string, does: string][]

const EVERYWHERE: Keys = [
  ['Ctrl K', 'Find an order, a product, a customer, a page'],
  ...PAGES.map(({ key, label }): [string, string] => [`G ${key}`, label]),
  ...REPORTS.map(({ key, label }): [string, string] => [`G ${key}`, reportName(label)]),
  ['G A', 'Your account'],
  ['D', 'Light or dark'],
  ['Esc', 'Close, or clear the filters'],
  ['?', 'This page'],
]

const LISTS: Keys = [
  ['/', 'Search in the list'],
  ['N', 'Something new: a product, a customer, a promotion, a user'],
  ['E', 'Export what the list shows'],
]

const DASHBOARD: Keys = [
  ...PRESETS.flatMap(({ key, label }): Keys => (key ? [[key, label]] : [])),
  ['X', 'Compare with the period before'],
  ['P', 'Pause or resume live updates'],
  ['← →', 'Read the chart, value by value'],
]

function KeyList({ id, title, keys }: { id: string; title: string; keys: Keys }) {
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className="mb-2 font-semibold">
        {title}
      </h3>
      <dl className="space-y-2">
        {keys.map(([key, does]) => (
          <div key={key} className="flex items-center justify-between gap-4">
            <dt className="order-2">
              <kbd className="inline-flex h-6 min-w-6 items-center justify-center rounded border border-line bg-sunk px-1.5 font-sans text-xs">
                {key}
              </kbd>
            </dt>
            <dd className="text-muted">{does}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

export function HelpSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Sheet title="Help" open={open} onClose={onClose} className="sm:max-w-2xl">
      <div className="grid gap-6 p-5 sm:grid-cols-2">
        <div className="space-y-6">
          <KeyList id="help-everywhere" title="Everywhere" keys={EVERYWHERE} />
          <KeyList id="help-lists" title="In lists" keys={LISTS} />
          <KeyList id="help-dashboard" title="On the dashboard" keys={DASHBOARD} />
        </div>
        <section aria-labelledby="help-figures">
          <h3 id="help-figures" className="mb-2 font-semibold">
            What the figures mean
          </h3>
          <dl className="space-y-3">
            {METRICS.map((metric) => (
              <div key={metric}>
                <dt className="font-medium">{METRIC_FACTS[metric].label}</dt>
                <dd className="text-muted">{METRIC_FACTS[metric].about}</dd>
              </div>
            ))}
            <div>
              <dt className="font-medium">Change</dt>
              <dd className="text-muted">
                Against as many days just before. While today is unfinished, only up to the same
                hour. “new” means there was nothing before.
              </dd>
            </div>
          </dl>
        </section>
      </div>
    </Sheet>
  )
}
