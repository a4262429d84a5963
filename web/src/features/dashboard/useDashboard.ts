/** The address as state: read it, change it. Each change is a step that Back undoes. */
import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Grain, Range } from '@/lib/period'
import {
  type DashboardSearch,
  type Dimension,
  type Metric,
  readDashboardSearch,
  toggled,
  withoutFilters,
} from './filters'

const route = getRouteApi('/in/')

export type Steering = {
  search: DashboardSearch
  setRange: (range: Range) => void
  setGrain: (grain: Grain) => void
  setMetric: (metric: Metric) => void
  toggleCompare: () => void
  toggle: (dimension: Dimension, value: string) => void
  setChosen: (dimension: Dimension, values: string[]) => void
  clear: () => void
}

export function useSteering(): Steering {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  return useMemo(() => {
    const go = (next: DashboardSearch) => {
      const read = readDashboardSearch(next)
      if (JSON.stringify(read) !== JSON.stringify(readDashboardSearch(search))) {
        void navigate({ search: read, resetScroll: false })
      }
    }
    return {
      search,
      setRange: (range) => go({ ...search, range }),
      setGrain: (grain) => go({ ...search, grain }),
      setMetric: (metric) => go({ ...search, metric }),
      toggleCompare: () => go({ ...search, compare: search.compare ? undefined : 'none' }),
      toggle: (dimension, value) => go(toggled(search, dimension, value)),
      setChosen: (dimension, values) => go({ ...search, [dimension]: values }),
      clear: () => go(withoutFilters(search)),
    }
  }, [search, navigate])
}
