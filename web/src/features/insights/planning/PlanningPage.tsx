import { getRouteApi } from '@tanstack/react-router'
import { useShortcuts } from '@/lib/shortcuts'
import { Segments } from '@/ui/Segments'
import { PLAN_VIEWS, type PlanningSearch, type PlanView, readPlanningSearch } from '../filters'
import { InsightsPage } from '../InsightsPage'
import { ClassesView } from './ClassesView'
import { FailedPlan } from './NoPlan'
import { PlanBar } from './PlanBar'
import { PurchaseView } from './PurchaseView'
import { useSummary } from './queries'
import { TransfersView } from './TransfersView'

const route = getRouteApi('/in/insights/planning')

export type Go = (search: PlanningSearch) => void

const VIEWS: Record<PlanView, string> = { order: 'Order', move: 'Move', classes: 'ABC and XYZ' }

export function PlanningPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const whole = useSummary({})
  const go: Go = (next) =>
    void navigate({ search: readPlanningSearch({ ...next }), resetScroll: false })
  const { view = 'order' } = search
  useShortcuts({ Escape: () => go({ view: search.view }) })
  const plan = whole.data?.plan
  return (
    <InsightsPage title="Planning">
      {whole.error && !whole.data ? (
        <FailedPlan query={whole} />
      ) : (
        <>
          <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
            <Segments<PlanView>
              label="View"
              options={PLAN_VIEWS.map((value) => ({ value, label: VIEWS[value] }))}
              value={view}
              onChange={(next) => go({ view: next === 'order' ? undefined : next })}
            />
            <PlanBar plan={plan} />
          </div>
          {view === 'order' && <PurchaseView search={search} go={go} whole={whole.data} />}
          {view === 'move' && <TransfersView plan={plan} />}
          {view === 'classes' && <ClassesView search={search} go={go} plan={plan} />}
        </>
      )}
    </InsightsPage>
  )
}
