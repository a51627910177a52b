"""PyAthena: its cursors, parameters, types, metadata and errors."""

import os
import threading
import time
from datetime import date, datetime
from decimal import Decimal
from functools import partial

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import fs
from pyathena import connect
from pyathena.arrow.cursor import ArrowCursor
from pyathena.async_cursor import AsyncCursor
from pyathena.cursor import DictCursor
from pyathena.error import DatabaseError, OperationalError
from pyathena.model import AthenaQueryExecution
from pyathena.pandas.cursor import PandasCursor
from pyathena.pandas.util import to_sql

from conftest import BUCKET, DATABASE, STAGING, WORK_GROUP

ALL = "dt BETWEEN '2026-03-01' AND '2026-03-02'"
LONG = "SELECT count(*) FROM readings a, readings b, readings c WHERE a.temperature + b.temperature > c.temperature"


@pytest.fixture
def connection():
    with connect(s3_staging_dir=STAGING, schema_name=DATABASE, poll_interval=0.05) as connection:
        yield connection


@pytest.fixture
def cursor(connection):
    return connection.cursor()


@pytest.fixture
def arrow_endpoint(monkeypatch):
    """pyarrow's S3 client, which ArrowCursor uses, ignores the endpoint variables and needs the endpoint explicitly."""
    monkeypatch.setattr(fs, "S3FileSystem", partial(fs.S3FileSystem, endpoint_override=os.environ["AWS_ENDPOINT_URL"]))


def test_the_default_cursor_gives_tuples(cursor):
    cursor.execute(
        "SELECT deviceid, count(*) AS n, avg(temperature) AS t, sum(humidity) AS h FROM readings "
        "WHERE dt = '2026-03-01' GROUP BY deviceid ORDER BY deviceid"
    )
    assert [column[:2] for column in cursor.description] == [
        ("deviceid", "varchar"),
        ("n", "bigint"),
        ("t", "double"),
        ("h", "double"),
    ]
    assert [row[:3] for row in cursor.fetchall()] == [
        ("sensor-1", 720, 20.5),
        ("sensor-2", 720, 20.75),
        ("sensor-3", 720, 21.0),
        ("sensor-4", 720, 21.25),
    ]
    assert cursor.data_scanned_in_bytes > 0
    assert cursor.state == AthenaQueryExecution.STATE_SUCCEEDED


def test_five_thousand_rows_are_five_thousand_rows(cursor):
    rows = cursor.execute(f"SELECT uptime, ts FROM readings WHERE {ALL} ORDER BY uptime").fetchall()
    assert len(rows) == 5000
    assert rows[0] == (1_000_000_000_000, datetime(2026, 3, 1))
    assert rows[2880] == (1_000_000_002_880, datetime(2026, 3, 2))
    assert rows[-1] == (1_000_000_004_999, datetime(2026, 3, 2, 17, 39, 30))


def test_null_and_the_empty_text_are_apart(cursor):
    sql = "SELECT note FROM readings WHERE dt = '2026-03-01' AND uptime < 1000000000003 ORDER BY uptime"
    assert cursor.execute(sql).fetchall() == [(None,), ("",), ('"2", it\'s\nwarm ☀',)]
    counts = "SELECT count(*), count(note), count_if(note = '') FROM readings WHERE dt = '2026-03-01'"
    assert cursor.execute(counts).fetchone() == (2880, 1920, 960)


def test_each_type_is_pythons(cursor):
    cursor.execute(
        "SELECT CAST(9223372036854775807 AS bigint) AS b, CAST(7 AS integer) AS i, true AS t, 1.5e0 AS d, "
        "TIMESTAMP '2026-03-01 01:02:03.004' AS ts, DATE '2026-03-01' AS day, CAST('12.30' AS decimal(10,2)) AS dec, "
        "'☀' AS text, CAST(NULL AS bigint) AS nothing"
    )
    assert [column[1] for column in cursor.description] == [
        "bigint", "integer", "boolean", "double", "timestamp", "date", "decimal", "varchar", "bigint",
    ]  # fmt: skip
    assert cursor.fetchone() == (
        9223372036854775807,
        7,
        True,
        1.5,
        datetime(2026, 3, 1, 1, 2, 3, 4000),
        date(2026, 3, 1),
        Decimal("12.30"),
        "☀",
        None,
    )


def test_a_literal_with_a_point_is_a_double(cursor):
    cursor.execute(
        "SELECT 1.5 AS x, 1 / 3.0 AS third, 1 / 0.0 AS infinite, typeof(.5) AS kind, ARRAY[2.5] AS list, "
        "DECIMAL '1.50' AS price, DECIMAL '1.50' / 3 AS part"
    )
    assert [column[1] for column in cursor.description] == [
        "double", "double", "double", "varchar", "array", "decimal", "decimal",
    ]  # fmt: skip
    assert cursor.fetchone() == (1.5, 1 / 3, float("inf"), "double", [2.5], Decimal("1.50"), Decimal("0.50"))
    share = "SELECT count_if(temperature > 20.5) * 100.0 / 7 FROM readings WHERE dt = '2026-03-01' AND deviceid = 'sensor-1'"
    assert cursor.execute(share).fetchone() == (360 * 100.0 / 7,)


def test_numbers_with_a_point_and_decimals_are_parameters(cursor):
    sql = "SELECT %(x)s AS x, typeof(%(x)s) AS kind, %(price)s AS price, typeof(%(price)s) AS exact"
    parameters = {"x": 1.5, "price": Decimal("1.50")}
    assert cursor.execute(sql, parameters).fetchone() == (1.5, "double", Decimal("1.50"), "decimal(3,2)")
    sql = "SELECT ? AS x, ? AS price, typeof(?) AS kind"
    given = ["1.5", "DECIMAL '1.50'", "-.5"]
    assert cursor.execute(sql, given, paramstyle="qmark").fetchone() == (1.5, Decimal("1.50"), "double")


def test_arrays_are_lists(cursor):
    cursor.execute("SELECT ARRAY[1, 2, NULL] AS a")
    assert cursor.description[0][1] == "array"
    assert cursor.fetchone() == ([1, 2, None],)


def test_maps_are_dicts(cursor):
    cursor.execute("SELECT MAP(ARRAY['k', 'l'], ARRAY[1, 2]) AS m")
    assert cursor.description[0][1] == "map"
    # {k=1, l=2} does not contain the types of its values.
    assert cursor.fetchone() == ({"k": "1", "l": "2"},)


def test_doubles_keep_infinity_and_nan(cursor):
    infinite, nan, tiny = cursor.execute("SELECT infinity(), nan(), 1.0E-7").fetchone()
    assert infinite == float("inf")
    assert nan != nan
    assert tiny == 1e-7


def test_pyformat_parameters_are_bound(cursor):
    sql = (
        "SELECT count(*) FROM readings WHERE dt = %(day)s AND deviceid IN %(devices)s AND temperature > %(limit)s "
        "AND ts >= %(since)s AND charging = %(charging)s"
    )
    parameters = {
        "day": "2026-03-01",
        "devices": ["sensor-1", "sensor-3", "it's"],
        "limit": 20.75,
        "since": datetime(2026, 3, 1),
        "charging": True,
    }
    # The fifth (sensor-1, 21.0) and the seventh (sensor-3, 21.5) of every eight readings.
    assert cursor.execute(sql, parameters).fetchone() == (720,)


def test_qmark_parameters_are_execution_parameters(cursor):
    sql = "SELECT count(*) FROM readings WHERE dt = ? AND deviceid = ? AND temperature > ?"
    assert cursor.execute(sql, ["'2026-03-02'", "'sensor-4'", "21"], paramstyle="qmark").fetchone() == (265,)


def test_the_dict_cursor_gives_dicts(connection):
    cursor = connection.cursor(DictCursor)
    row = cursor.execute("SELECT min(ts) AS first, max(ts) AS last FROM readings WHERE dt = '2026-03-02'").fetchone()
    assert row == {"first": datetime(2026, 3, 2), "last": datetime(2026, 3, 2, 17, 39, 30)}


def test_the_pandas_cursor_gives_a_frame(connection):
    frame = connection.cursor(PandasCursor).execute(f"SELECT * FROM readings WHERE {ALL} ORDER BY uptime").as_pandas()
    assert len(frame) == 5000
    assert list(frame.columns) == [
        "deviceid", "ts", "temperature", "humidity", "uptime", "charging", "note", "received_at", "dt",
    ]  # fmt: skip
    assert str(frame.uptime.dtype) == "Int64"
    assert frame.uptime.iloc[-1] == 1_000_000_004_999
    assert frame.ts.iloc[2880] == pd.Timestamp("2026-03-02")
    assert frame.humidity.isna().sum() == 500
    assert frame.humidity.sum() == 190_000
    assert frame.charging.sum() == 2500
    assert frame.note.iloc[2] == '"2", it\'s\nwarm ☀'


def test_a_single_column_keeps_the_rows_that_are_null(connection, arrow_endpoint):
    sql = f"SELECT note FROM readings WHERE {ALL}"
    assert len(connection.cursor(PandasCursor).execute(sql).as_pandas()) == 5000
    # From a CSV file, the cursor reads NULL strings as empty ones.
    assert connection.cursor(ArrowCursor).execute(sql).as_arrow().column("note").to_pylist().count("") == 3334


def test_the_pandas_cursor_goes_in_chunks(connection):
    cursor = connection.cursor(PandasCursor)
    chunks = cursor.execute(f"SELECT uptime FROM readings WHERE {ALL}", chunksize=2000).as_pandas()
    assert [len(chunk) for chunk in chunks] == [2000, 2000, 1000]


def test_the_pandas_cursor_reads_what_unload_wrote(connection):
    cursor = connection.cursor(PandasCursor, unload=True)
    frame = cursor.execute(f"SELECT deviceid, uptime, note FROM readings WHERE {ALL}").as_pandas()
    assert len(frame) == 5000
    assert frame.note.isna().sum() == 1667
    assert (frame.note == "").sum() == 1667


def test_the_arrow_cursor_gives_a_table(connection, arrow_endpoint):
    table = connection.cursor(ArrowCursor).execute(f"SELECT * FROM readings WHERE {ALL} ORDER BY uptime").as_arrow()
    assert table.num_rows == 5000
    assert table.schema.field("uptime").type == pa.int64()
    assert table.schema.field("temperature").type == pa.float64()
    assert table.schema.field("charging").type == pa.bool_()
    assert pa.types.is_timestamp(table.schema.field("ts").type)
    assert table.column("humidity").null_count == 500
    assert table.column("uptime")[4999].as_py() == 1_000_000_004_999


def test_the_arrow_cursor_reads_what_unload_wrote(connection, arrow_endpoint):
    cursor = connection.cursor(ArrowCursor, unload=True)
    table = cursor.execute(f"SELECT deviceid, ts, uptime, charging, note FROM readings WHERE {ALL}").as_arrow()
    assert table.num_rows == 5000
    assert table.column("note").null_count == 1667
    assert sum(table.column("uptime").to_pylist()) == 5000 * 1_000_000_000_000 + 4999 * 2500


def test_the_async_cursor_answers_later(connection):
    with connection.cursor(AsyncCursor) as cursor:
        queries = [cursor.execute(f"SELECT count(*) FROM readings WHERE dt = '2026-03-0{day}'") for day in (1, 2)]
        assert [future.result().fetchall() for _, future in queries] == [[(2880,)], [(2120,)]]


def test_a_long_query_is_cancelled(connection):
    with connection.cursor(AsyncCursor) as cursor:
        query, future = cursor.execute(LONG)
        time.sleep(0.3)
        cursor.cancel(query).result()
        assert future.result(timeout=20).state == AthenaQueryExecution.STATE_CANCELLED


def test_cancel_from_another_thread_ends_execute(cursor):
    started = threading.Event()
    caught = []

    def execute():
        try:
            cursor.execute(LONG, on_start_query_execution=lambda _: started.set())
        except OperationalError as error:
            caught.append(str(error))

    thread = threading.Thread(target=execute)
    thread.start()
    assert started.wait(10)
    connect(s3_staging_dir=STAGING, schema_name=DATABASE).cursor()._cancel(cursor.query_id or last_query(cursor))
    thread.join(20)
    assert not thread.is_alive()
    assert len(caught) == 1


def last_query(cursor):
    """The newest query of the work group: `query_id` is set only when a query has ended."""
    return cursor._connection.client.list_query_executions(MaxResults=1)["QueryExecutionIds"][0]


@pytest.mark.parametrize(
    "sql, message",
    [
        ("SELECT nonsense FROM readings", "COLUMN_NOT_FOUND.*nonsense"),
        ("SELECT * FROM nowhere", "TABLE_NOT_FOUND.*nowhere"),
        ("SELECT 1/0", "DIVISION_BY_ZERO"),
        ("SELECT CAST('x' AS bigint)", "INVALID_CAST_ARGUMENT"),
    ],
)
def test_a_bad_query_is_an_operational_error_that_says_why(cursor, sql, message):
    with pytest.raises(OperationalError, match=message):
        cursor.execute(sql)


def test_what_is_no_sql_is_a_database_error(cursor):
    with pytest.raises(DatabaseError, match="(?i)mismatched input|syntax"):
        cursor.execute("SELEKT 1")


def test_results_go_to_the_staging_folder(cursor, s3):
    cursor.execute("SELECT 1 AS one")
    assert cursor.output_location == f"{STAGING}{cursor.query_id}.csv"
    body = s3.get_object(Bucket=BUCKET, Key=cursor.output_location.removeprefix(f"s3://{BUCKET}/"))["Body"].read()
    assert body == b'"one"\n"1"\n'


def test_the_work_groups_own_place_serves_who_names_none():
    with connect(work_group=WORK_GROUP, schema_name=DATABASE, poll_interval=0.05) as connection:
        cursor = connection.cursor()
        assert cursor.execute("SELECT 1").fetchone() == (1,)
        assert cursor.work_group == WORK_GROUP
        assert cursor.output_location == f"s3://{BUCKET}/results/{cursor.query_id}.csv"


def test_an_unknown_work_group_is_an_error():
    with connect(work_group="no-such", schema_name=DATABASE) as connection, pytest.raises(DatabaseError):
        connection.cursor().execute("SELECT 1")


def test_a_result_is_reused_when_asked_for(connection):
    cursor = connection.cursor(result_reuse_enable=True, result_reuse_minutes=60)
    sql = "SELECT count(*) AS reused_count FROM readings_log WHERE dt = '2026-03-01'"
    assert cursor.execute(sql).fetchone() == (2880,)
    assert not cursor.reused_previous_result
    assert cursor.execute(sql).fetchone() == (2880,)
    assert cursor.reused_previous_result
    assert cursor.data_scanned_in_bytes == 0
    assert connection.cursor().execute(sql).reused_previous_result is False


def test_pyathenas_own_cache_finds_an_earlier_query(connection):
    sql = "SELECT count(*) AS cached FROM readings WHERE dt = '2026-03-01'"
    first = connection.cursor().execute(sql).query_id
    assert connection.cursor().execute(sql, cache_size=50).query_id == first


def test_show_and_describe(cursor):
    assert (DATABASE,) in cursor.execute("SHOW DATABASES").fetchall()
    assert {("readings",), ("readings_log",)} <= set(cursor.execute("SHOW TABLES").fetchall())
    assert cursor.execute("SHOW TABLES LIKE 'readings_*'").fetchall() == [("readings_log",)]
    columns = [row[0].strip() for row in cursor.execute("SHOW COLUMNS IN readings_log").fetchall()]
    assert columns == ["deviceid", "ts", "temperature", "humidity", "uptime", "charging", "note", "received_at", "dt"]
    described = cursor.execute("DESCRIBE readings_log").fetchall()
    assert [part.strip() for part in described[0][0].split("\t")][:2] == ["deviceid", "string"]
    assert any(row[0].startswith("# Partition Information") for row in described)


def test_show_create_table(cursor):
    text = "\n".join(row[0] for row in cursor.execute("SHOW CREATE TABLE readings_log").fetchall())
    assert text.startswith("CREATE EXTERNAL TABLE `readings_log`(")
    assert "PARTITIONED BY (" in text
    assert f"'s3://{BUCKET}/readings" in text


def test_information_schema(cursor):
    cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns "
        f"WHERE table_schema = '{DATABASE}' AND table_name = 'readings_log' ORDER BY ordinal_position"
    )
    assert cursor.fetchall() == [
        ("deviceid", "varchar"),
        ("ts", "timestamp(3)"),
        ("temperature", "double"),
        ("humidity", "double"),
        ("uptime", "bigint"),
        ("charging", "boolean"),
        ("note", "varchar"),
        ("received_at", "timestamp(3)"),
        ("dt", "varchar"),
    ]


def test_table_metadata(cursor):
    assert DATABASE in [database.name for database in cursor.list_databases(catalog_name="AwsDataCatalog")]
    tables = cursor.list_table_metadata(catalog_name="AwsDataCatalog", schema_name=DATABASE)
    assert {"readings", "readings_log"} <= {table.name for table in tables}
    table = cursor.get_table_metadata("readings_log", catalog_name="AwsDataCatalog", schema_name=DATABASE)
    assert [(column.name, column.type) for column in table.columns][:2] == [("deviceid", "string"), ("ts", "timestamp")]
    assert [key.name for key in table.partition_keys] == ["dt"]
    assert table.location == f"s3://{BUCKET}/readings/"
    assert table.table_type == "EXTERNAL_TABLE"
    with pytest.raises(DatabaseError):
        cursor.get_table_metadata("nowhere", catalog_name="AwsDataCatalog", schema_name=DATABASE)


def test_a_table_is_made_of_a_query_read_and_dropped(cursor, name, prefix):
    cursor.execute(
        f"CREATE TABLE {name} WITH (format = 'PARQUET', external_location = 's3://{BUCKET}/{prefix}') AS "
        "SELECT deviceid, max(temperature) AS hottest FROM readings WHERE dt = '2026-03-01' GROUP BY deviceid"
    )
    assert cursor.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() == [
        ("sensor-1", 21.0),
        ("sensor-2", 21.25),
        ("sensor-3", 21.5),
        ("sensor-4", 21.75),
    ]
    cursor.execute(f"INSERT INTO {name} VALUES ('sensor-5', 1.5)")
    assert cursor.execute(f"SELECT count(*), min(hottest) FROM {name}").fetchone() == (5, 1.5)
    cursor.execute(f"DROP TABLE {name}")
    with pytest.raises(OperationalError, match="TABLE_NOT_FOUND"):
        cursor.execute(f"SELECT * FROM {name}")


def test_a_view_is_made_replaced_and_dropped(cursor, name):
    cursor.execute(f"CREATE VIEW {name} AS SELECT 1 AS x")
    assert cursor.execute(f"SELECT x + 1 FROM {name}").fetchone() == (2,)
    cursor.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT deviceid FROM readings WHERE dt = '2026-03-02'")
    assert cursor.execute(f"SELECT count(DISTINCT deviceid) FROM {name}").fetchone() == (4,)
    cursor.execute(f"DROP VIEW {name}")
    with pytest.raises(OperationalError, match="TABLE_NOT_FOUND"):
        cursor.execute(f"SELECT * FROM {name}")


def test_a_frame_becomes_a_partitioned_table(connection, name, prefix):
    frame = pd.DataFrame(
        {"site": ["a", "a", "b"], "n": [1, 2, 3], "x": [0.5, None, 2.5], "ok": [True, False, True], "t": ["", "ü", None]}
    )
    to_sql(frame, name, connection, f"s3://{BUCKET}/{prefix}", schema=DATABASE, partitions=["site"], if_exists="replace")
    cursor = connection.cursor()
    assert cursor.execute(f"SELECT n, x, ok, t, site FROM {name} ORDER BY n").fetchall() == [
        (1, 0.5, True, "", "a"),
        (2, None, False, "ü", "a"),
        (3, 2.5, True, None, "b"),
    ]
    assert cursor.execute(f"SELECT n FROM {name} WHERE site = 'b'").fetchall() == [(3,)]
