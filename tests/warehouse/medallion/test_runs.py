"""Runs of dbt: told step by step, alone in their folder, ended when told to, and what they write down."""

from __future__ import annotations

import fcntl
import shutil
import threading
from pathlib import Path

import pytest

from tests.warehouse.medallion.conftest import BERLIN, READER, TOKEN, Builder
from tradewind.core.errors import InvalidInput, NotPermitted, Unavailable
from tradewind.warehouse import medallion
from tradewind.warehouse.gateway import Access, serve_gateway
from tradewind.warehouse.lineage import lineage_page
from tradewind.warehouse.medallion import BuildFailed, BuildRunning, BuildStopped, Patience, Step

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("medallion")]


def test_a_model_that_fails_keeps_its_last_table_and_is_named(
    builder: Builder, built: medallion.BuildResult, tmp_path: Path
) -> None:
    assert built.is_good
    before = builder.rows("SELECT count() AS n, sum(revenue) AS revenue FROM gold_sales_metrics")
    project = shutil.copytree(medallion.PROJECT, tmp_path / "project")
    model = project / "models/gold/gold_sales_metrics.sql"
    model.write_text(model.read_text().replace("summed.revenue as revenue", "throwIf(1, 'no more') as revenue"))
    steps: list[Step] = []
    chosen = "gold_sales_metrics+ daily_sales_summary"
    result = builder.build(project=project, select=chosen, full=True, progress=steps.append)
    statuses = {node.name: node.status for node in result.nodes}
    assert statuses == {"gold_sales_metrics": "failed", "gold_monthly_sales": "skipped", "daily_sales_summary": "built"}
    assert not result.is_good
    (failure,) = result.failures
    assert failure.message is not None
    assert failure.message.startswith("Code: 395. DB::Exception: no more")
    assert [step.status for step in steps if step.name == "gold_sales_metrics"] == ["running", "failed"]
    assert builder.rows("SELECT count() AS n, sum(revenue) AS revenue FROM gold_sales_metrics") == before


def test_progress_is_told_node_by_node(builder: Builder) -> None:
    steps: list[Step] = []
    assert builder.build(select="bronze_channels silver_channels", progress=steps.append).is_good
    assert [(step.name, step.status) for step in steps] == [
        ("bronze_channels", "running"), ("bronze_channels", "built"),
        ("silver_channels", "running"), ("silver_channels", "built"),
    ]  # fmt: skip
    assert {step.total for step in steps} == {2}
    assert steps[-1].index == 2
    assert steps[-1].seconds is not None


def test_only_the_work_folder_is_written_to(
    builder: Builder, built: medallion.BuildResult, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert built.is_good
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("DBT_PROJECT_DIR", "/nowhere")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    before = {path: path.stat().st_mtime_ns for path in medallion.PROJECT.rglob("*")}
    assert builder.build(select="silver_channels").is_good
    assert {path: path.stat().st_mtime_ns for path in medallion.PROJECT.rglob("*")} == before
    assert list(home.iterdir()) == []
    logs = "".join(path.read_text() for path in builder.work_dir.rglob("*.log*"))
    assert TOKEN not in logs


def test_a_run_that_cannot_begin_says_why(builder: Builder, free_port: int, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=f"No warehouse answers on 127.0.0.1:{free_port}"):
        builder.build(port=free_port)
    with pytest.raises(BuildFailed, match="Authentication failed"):
        builder.build(token="a-token-of-nobody")
    with pytest.raises(NotPermitted, match="sql:write"):
        builder.build(token=READER)
    with pytest.raises(InvalidInput, match="'nothing_like_it'"):
        builder.build(select="nothing_like_it")
    project = shutil.copytree(medallion.PROJECT, tmp_path / "project")
    (project / "models/gold/broken.sql").write_text("select * from {{ ref('nothing_like_it') }}")
    with pytest.raises(BuildFailed, match="nothing_like_it"):
        builder.build(project=project)


def test_two_runs_in_one_folder_do_not_mix(builder: Builder) -> None:
    def interrupt(_: Step) -> None:
        with pytest.raises(BuildRunning, match="already"):
            builder.build(select="bronze_orders")

    assert builder.build(select="bronze_orders", progress=interrupt).is_good


def test_a_build_ends_when_it_is_told_to_and_the_next_one_goes_on(
    builder: Builder, built: medallion.BuildResult
) -> None:
    stop = threading.Event()
    begun: list[str] = []

    def stop_at_the_first(step: Step) -> None:
        begun.append(step.name)
        stop.set()

    with pytest.raises(BuildStopped):
        builder.build(full=True, progress=stop_at_the_first, stop=stop)
    assert 0 < len(set(begun)) < len(built.nodes)
    assert builder.build(full=True).is_good


def test_dbt_keeps_what_it_has_read_when_the_door_has_another_port(builder: Builder) -> None:
    log = builder.work_dir / "logs" / "dbt.log"
    assert builder.build(select="bronze_orders").is_good
    told_before = len(log.read_text())
    access = {TOKEN: Access("dbt", may_write=True)}
    other = serve_gateway(builder.platform.warehouse, lambda _, password: access.get(password), port=0)
    try:
        assert builder.build(select="bronze_orders", port=other.port).is_good
    finally:
        other.stop()
    told = log.read_text()[told_before:]
    assert "bronze_orders" in told
    assert "Unable to do partial parsing" not in told


def test_a_run_waits_for_another_one_where_it_may(builder: Builder) -> None:
    builder.work_dir.mkdir(exist_ok=True)
    told: list[str] = []
    with (builder.work_dir / "build.lock").open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)

        def the_other_ends() -> None:
            told.append("waits")
            fcntl.flock(other, fcntl.LOCK_UN)

        assert builder.build(select="bronze_orders", patience=Patience(30, the_other_ends)).is_good
    assert told == ["waits"]


def test_only_a_full_build_writes_the_project_down(builder: Builder, built: medallion.BuildResult) -> None:
    assert built.is_good
    description = builder.work_dir / "target" / "manifest.json"
    for full in (False, True):
        description.unlink(missing_ok=True)
        result = builder.build(select="silver_channels", full=full)
        assert [(node.name, node.status) for node in result.nodes] == [("silver_channels", "built")]
        assert description.exists() is full


def test_the_pages_show_every_table_and_the_written_lineage_is_that_of_the_project(builder: Builder) -> None:
    written = medallion.document(
        "127.0.0.1", builder.gateway.port, "dbt", TOKEN, work_dir=builder.work_dir, variables=BERLIN
    )
    page = written.page.read_text()
    assert "gold_customer_analytics" in page
    assert TOKEN not in page
    document = Path(__file__).resolve().parents[3] / "docs" / "DATA_LINEAGE.md"
    assert document.read_text() == lineage_page(written.manifest), "run: tradewind warehouse docs --markdown"


def test_the_pages_can_be_written_before_the_first_build(builder: Builder) -> None:
    written = medallion.document(
        "127.0.0.1", builder.gateway.port, "dbt", TOKEN, work_dir=builder.work_dir, schema="unbuilt", variables=BERLIN
    )
    assert "gold_customer_analytics" in written.page.read_text()
