"""dbt-athena: a project of a seed, a view, a table and two incremental models, run twice, with its tests."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import boto3
import pytest

SCHEMA = "dbt_clients"
PROJECT = Path(__file__).parent / "dbt_project"


@pytest.fixture(scope="module")
def dbt(tmp_path_factory):
    """Runs dbt in a copy of the project, which also gets its logs and compiled models."""
    project = tmp_path_factory.mktemp("dbt") / "project"
    shutil.copytree(PROJECT, project)
    environment = {**os.environ, "DBT_SCHEMA": SCHEMA, "DBT_PROFILES_DIR": str(project), "NO_COLOR": "1"}
    command = Path(sys.executable).with_name("dbt")

    def run(*arguments):
        done = subprocess.run(
            [command, "--no-use-colors", *arguments],
            cwd=project, env=environment, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
        return done.stdout

    run.project = project
    return run


def results(dbt):
    """The results of the last run, by node name."""
    results = json.loads((dbt.project / "target" / "run_results.json").read_text())["results"]
    return {result["unique_id"].split(".")[2]: result["status"] for result in results}


def rows(sql):
    athena = boto3.client("athena")
    query = athena.start_query_execution(
        QueryString=sql, WorkGroup="sluice", QueryExecutionContext={"Database": SCHEMA}
    )["QueryExecutionId"]
    for _ in range(200):
        status = athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]
        if status["State"] not in ("QUEUED", "RUNNING"):
            break
        time.sleep(0.05)
    assert status["State"] == "SUCCEEDED", status
    found = athena.get_query_results(QueryExecutionId=query)["ResultSet"]["Rows"]
    return [[cell.get("VarCharValue") for cell in row["Data"]] for row in found[1:]]


def test_debug_reaches_the_endpoint(dbt):
    assert "All checks passed!" in dbt("debug")


def test_the_first_build_makes_everything(dbt):
    dbt("build", "--vars", "until: '2026-03-01'")
    assert {"sites", "visits", "latest", "by_site", "daily", "loads", "visited"} <= set(results(dbt))
    assert set(results(dbt).values()) == {"success", "pass"}
    assert rows("SELECT * FROM by_site ORDER BY deviceid") == [
        ["hall", "0", "sensor-1", "2026-03-02 17:38:00.000", "21.0"],
        ["roof, north", "3", "sensor-2", "2026-03-02 17:38:30.000", "21.25"],
        ["roof", "3", "sensor-3", "2026-03-02 17:39:00.000", "21.5"],
        ["cellar", "-1", "sensor-4", "2026-03-02 17:39:30.000", "21.75"],
    ]
    assert rows("SELECT dt, deviceid, readings FROM daily ORDER BY 1, 2") == [
        ["2026-03-01", f"sensor-{device}", "720"] for device in (1, 2, 3, 4)
    ]


def test_the_seed_keeps_its_types_and_its_null(dbt):
    assert rows("SELECT deviceid, since, since + INTERVAL '1' DAY FROM sites WHERE floor <= 0 ORDER BY 1") == [
        ["sensor-1", "2026-01-01", "2026-01-02"],
        ["sensor-4", None, None],
    ]


def test_a_literal_with_a_point_makes_a_double_column(dbt):
    assert rows("SELECT share, weight, price FROM shares WHERE deviceid = 'sensor-1'") == [
        [str(360 / 7), "1.5", "0.25"]
    ]
    columns = boto3.client("glue").get_table(DatabaseName=SCHEMA, Name="shares")["Table"]["StorageDescriptor"]["Columns"]
    assert {column["Name"]: column["Type"] for column in columns} == {
        "deviceid": "string",
        "share": "double",
        "weight": "double",
        "price": "decimal(2,2)",
    }
def test_a_seed_with_a_timestamp_keeps_it(dbt):
    assert rows("SELECT deviceid, visited, typeof(visited) FROM visits ORDER BY 1") == [
        ["sensor-1", "2026-01-01 10:20:30.000", "timestamp(3)"],
        ["sensor-2", "2026-01-02 00:00:00.000", "timestamp(3)"],
        ["sensor-3", None, "timestamp(3)"],
    ]


def test_a_model_with_try_and_comments(dbt):
    assert rows("SELECT * FROM visited ORDER BY deviceid -- by name") == [
        ["sensor-1", "2026-01-01 10:20:30.000", "10", "10"],
        ["sensor-2", "2026-01-02 00:00:00.000", None, None],
        ["sensor-3", None, "0", None],
    ]


def test_the_second_build_is_incremental(dbt):
    dbt("build", "--vars", "until: '2026-03-02'")
    assert set(results(dbt).values()) == {"success", "pass"}
    assert rows("SELECT dt, count(*), sum(readings) FROM daily GROUP BY dt ORDER BY dt") == [
        ["2026-03-01", "4", "2880"],
        ["2026-03-02", "4", "2120"],
    ]
    assert rows("SELECT until, days FROM loads ORDER BY 1") == [["2026-03-01", "4"], ["2026-03-02", "8"]]


def test_a_full_refresh_begins_again(dbt):
    dbt("run", "--full-refresh", "--select", "loads", "--vars", "until: '2026-03-02'")
    assert rows("SELECT until, days FROM loads") == [["2026-03-02", "8"]]


def test_a_test_that_fails_is_red(dbt):
    (dbt.project / "tests").mkdir(exist_ok=True)
    (dbt.project / "tests" / "no_cellar.sql").write_text("SELECT * FROM {{ ref('by_site') }} WHERE site = 'cellar'")
    with pytest.raises(AssertionError, match="Got 1 result"):
        dbt("test", "--select", "no_cellar", "--vars", "until: '2026-03-02'")
    (dbt.project / "tests" / "no_cellar.sql").unlink()


def test_docs_know_the_columns(dbt):
    dbt("docs", "generate", "--vars", "until: '2026-03-02'")
    nodes = json.loads((dbt.project / "target" / "catalog.json").read_text())["nodes"]
    columns = nodes["model.sluice_clients.daily"]["columns"]
    assert {name.lower(): column["type"] for name, column in columns.items()} == {
        "deviceid": "string",
        "readings": "bigint",
        "temperature": "double",
        "dt": "string",
    }
