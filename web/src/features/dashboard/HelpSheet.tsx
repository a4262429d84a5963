import { PRESETS } from '@/lib/period'
import { Sheet } from '@/ui/Sheet'
import { METRICS } from './filters'
import { METRIC_FACTS } from './metrics'

const KEYS: [key: string, does: string][] = [
  ...PRESETS.flatMap(({ key, label }): [string, string][] => (key ? [[key, label]] : [])),
  ['X', 'Compare with the period before'],
  ['P', 'Pause or resume live updates'],
  ['D', 'Light or dark'],
  ['← →', 'Read the chart, value by value'],
  ['Esc', 'Close, or clear the filters'],
  ['?', 'This page'],
]

export function HelpSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Sheet title="Help" open={open} onClose={onClose} className="sm:max-w-2xl">
      <div className="grid gap-6 p-5 sm:grid-cols-2">
        <section aria-labelledby="help-keys">
          <h3 id="help-keys" className="mb-2 font-semibold">
            Keyboard
          </h3>
          <dl className="space-y-2">
            {KEYS.map(([key, does]) => (
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
