"""Tradewind's jobs as Prefect flows: one flow, and a deployment of it for each job at the time at which it is due.

python flows.py            serves all of them until it is stopped
python flows.py JOB        runs one now
"""

from __future__ import annotations

import sys

from prefect import flow, get_run_logger, serve
from prefect.concurrency.sync import concurrency
from prefect.schedules import Cron, Interval
from tradewind_jobs import JobPlan, plans, run


@flow(name="tradewind job", flow_run_name="{name}", retries=3, retry_delay_seconds=60, log_prints=False)
def tradewind_job(name: str) -> str:
    """Does one job; Tradewind itself sees to it that nobody else does the same meanwhile."""
    with concurrency(f"tradewind-{name}", occupy=1, strict=False):
        said = run(name)
    get_run_logger().info("%s: %s", name, said or "nothing to do")
    return said


def schedule_of(plan: JobPlan) -> Cron | Interval:
    if plan.cron is not None:
        return Cron(plan.cron, timezone=plan.zone or "UTC")
    return Interval(plan.every)


def main(arguments: list[str]) -> None:
    if arguments:
        tradewind_job(arguments[0])
        return
    serve(
        *(
            tradewind_job.to_deployment(
                name=plan.name.replace(":", "-"),
                parameters={"name": plan.name},
                schedule=schedule_of(plan),
                concurrency_limit=1,
            )
            for plan in plans()
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
