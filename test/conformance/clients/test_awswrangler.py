"""awswrangler (the AWS SDK for pandas): queries in each of its three modes, the catalog, and Parquet with a Glue table."""

from datetime import date, datetime
from decimal import Decimal

import awswrangler as wr
import pandas as pd
import pytest

from conftest import BUCKET, DATABASE, WORK_GROUP

ALL = "dt BETWEEN '2026-03-01' AND '2026-03-02'"
EVERY = f"SELECT deviceid, ts, temperature, humidity, uptime, charging, note, dt FROM readings WHERE {ALL}"


@pytest.fixture(autouse=True)
def quick():
    wr.config.athena_query_wait_polling_delay = 0.05


def frame_of_sites():
    return pd.DataFrame(
        {
            "n": [1, 2, 3],
            "x": [0.5, None, 2.5],
            "ok": [True, False, True],
            "t": ["", "ü", None],
            "day": [date(2026, 3, 1), date(2026, 3, 2), None],
            "at": [datetime(2026, 3, 1, 1, 2, 3, 4000), None, datetime(2026, 3, 3)],
            "site": ["a", "a", "b"],
        }
    )


def select(sql, **options):
    return wr.athena.read_sql_query(sql, database=DATABASE, ctas_approach=False, **options)


def check_every(frame):
    assert len(frame) == 5000
    frame = frame.sort_values("uptime", ignore_index=True)
    assert frame.uptime.iloc[0] == 1_000_000_000_000
    assert frame.uptime.iloc[-1] == 1_000_000_004_999
    assert frame.ts.iloc[2880] == pd.Timestamp("2026-03-02")
    assert frame.temperature.sum() == 104_375
    assert frame.humidity.isna().sum() == 500
    assert frame.charging.sum() == 2500
    assert frame.note.iloc[2] == '"2", it\'s\nwarm ☀'
    assert (frame.dt == "2026-03-01").sum() == 2880


def test_read_sql_query_by_the_result_file():
    frame = wr.athena.read_sql_query(EVERY, database=DATABASE, ctas_approach=False)
    check_every(frame)
    assert {column: str(kind) for column, kind in frame.dtypes.items()} == {
        "deviceid": "string",
        "ts": str(frame.ts.dtype),
        "temperature": "float64",
        "humidity": "float64",
        "uptime": "Int64",
        "charging": "boolean",
        "note": "string",
        "dt": "string",
    }
    assert frame.ts.dtype.kind == "M"
    assert frame.query_metadata["Statistics"]["DataScannedInBytes"] > 0


def test_read_sql_query_by_ctas():
    check_every(wr.athena.read_sql_query(EVERY, database=DATABASE, ctas_approach=True))
    assert [table["Name"] for table in wr.catalog.get_tables(database=DATABASE, name_prefix="temp_table_")] == []


def test_read_sql_query_by_ctas_keeps_null_and_the_empty_text_apart():
    frame = wr.athena.read_sql_query(f"SELECT note FROM readings WHERE {ALL}", database=DATABASE, ctas_approach=True)
    assert frame.note.isna().sum() == 1667
    assert (frame.note == "").sum() == 1667


def test_read_sql_query_by_unload(prefix):
    location = f"s3://{BUCKET}/{prefix}"
    frame = wr.athena.read_sql_query(
        EVERY, database=DATABASE, ctas_approach=False, unload_approach=True, s3_output=location
    )
    check_every(frame)
    assert frame.note.isna().sum() == 1667


def test_read_sql_query_in_chunks(prefix):
    location = f"s3://{BUCKET}/{prefix}"
    ways = [
        {"ctas_approach": False},
        {"ctas_approach": True, "s3_output": f"{location}ctas/"},
        {"ctas_approach": False, "unload_approach": True, "s3_output": f"{location}unload/"},
    ]
    for way in ways:
        chunks = list(wr.athena.read_sql_query(EVERY, database=DATABASE, chunksize=2000, **way))
        assert [len(chunk) for chunk in chunks] == [2000, 2000, 1000], way
        check_every(pd.concat(chunks))


def test_read_sql_table():
    frame = wr.athena.read_sql_table("readings_log", database=DATABASE, ctas_approach=False)
    assert len(frame) >= 5000


def test_named_and_qmark_parameters():
    by_name = select(
        "SELECT count(*) AS n FROM readings WHERE dt = :day AND temperature > :limit",
        params={"day": "2026-03-02", "limit": 21.5},
    )
    assert by_name.n.tolist() == [265]
    by_place = select(
        "SELECT count(*) AS n FROM readings WHERE dt = ? AND deviceid = ?",
        params=["'2026-03-02'", "'sensor-4'"],
        paramstyle="qmark",
    )
    assert by_place.n.tolist() == [530]


def test_an_empty_result_has_its_columns():
    for ctas in (False, True):
        frame = wr.athena.read_sql_query(
            "SELECT deviceid, uptime FROM readings WHERE dt = '2026-02-01'", database=DATABASE, ctas_approach=ctas
        )
        assert list(frame.columns) == ["deviceid", "uptime"]
        assert len(frame) == 0


def test_what_no_table_can_be_made_of_is_told_apart():
    with pytest.raises(wr.exceptions.InvalidArgumentValue):
        wr.athena.read_sql_query("SELECT 1", DATABASE, ctas_approach=True)
    with pytest.raises(wr.exceptions.InvalidArgumentValue):
        wr.athena.read_sql_query("SELECT NULL AS nothing", DATABASE, ctas_approach=True)
    with pytest.raises(wr.exceptions.InvalidCtasApproachQuery):
        wr.athena.read_sql_query("SELECT 1 AS a, 2 AS a", DATABASE, ctas_approach=True)
    assert select("SELECT 1 AS a, 2 AS a").columns.tolist() == ["a", "a.1"]


def test_awkward_values_come_both_ways():
    sql = "SELECT nan() AS nan, infinity() AS inf, -infinity() AS inf_n, 1.5e0 AS regular, ARRAY[1, 2] AS list"
    for ctas in (False, True):
        row = wr.athena.read_sql_query(sql, DATABASE, ctas_approach=ctas).iloc[0]
        assert row.nan != row.nan
        assert (row.inf, row.inf_n, row.regular) == (float("inf"), float("-inf"), 1.5)
        assert list(row.list) == [1, 2] if ctas else row.list == "[1, 2]"


def test_a_literal_with_a_point_is_a_double_both_ways():
    sql = "SELECT 1.5 AS x, 1 / 3.0 AS third, 1 / 0.0 AS infinite, DECIMAL '1.50' AS price"
    for ctas in (False, True):
        frame = wr.athena.read_sql_query(sql, DATABASE, ctas_approach=ctas)
        assert [str(frame[name].dtype).lower() for name in ("x", "third", "infinite")] == ["float64"] * 3
        row = frame.iloc[0]
        assert (row.x, row.third, row.infinite) == (1.5, 1 / 3, float("inf"))
        assert row.price == Decimal("1.50") and isinstance(row.price, Decimal)


def test_a_table_of_literals_with_a_point_has_double_columns(name, prefix):
    wr.athena.create_ctas_table(
        "SELECT 1.5 AS x, DECIMAL '1.50' AS price", DATABASE, ctas_table=name, s3_output=f"s3://{BUCKET}/{prefix}", wait=True
    )
    assert wr.catalog.get_table_types(database=DATABASE, table=name) == {"x": "double", "price": "decimal(3,2)"}


def test_a_statement_without_rows_is_an_empty_frame(name, prefix):
    location = f"s3://{BUCKET}/{prefix}"
    wr.catalog.create_parquet_table(database=DATABASE, table=name, path=location, columns_types={"n": "int"})
    assert select(f"ALTER TABLE {DATABASE}.{name} SET LOCATION '{location}moved/'").empty
    assert wr.catalog.get_table_location(database=DATABASE, table=name) == f"{location}moved/"


def test_a_query_is_started_awaited_and_read():
    query = wr.athena.start_query_execution(
        "SELECT deviceid, count(*) AS n FROM readings WHERE dt = '2026-03-01' GROUP BY 1 ORDER BY 1",
        database=DATABASE,
        workgroup=WORK_GROUP,
    )
    assert wr.athena.wait_query(query)["Status"]["State"] == "SUCCEEDED"
    frame = wr.athena.get_query_results(query)
    assert frame.values.tolist() == [["sensor-1", 720], ["sensor-2", 720], ["sensor-3", 720], ["sensor-4", 720]]
    assert wr.athena.get_query_columns_types(query) == {"deviceid": "varchar", "n": "bigint"}
    assert wr.athena.get_query_executions([query]).QueryExecutionId.tolist() == [query]


def test_awswranglers_cache_takes_an_earlier_result():
    sql = "SELECT count(*) AS once FROM readings WHERE dt = '2026-03-01'"
    first = select(sql)
    again = select(sql, athena_cache_settings={"max_cache_seconds": 900})
    assert again.once.tolist() == [2880]
    assert again.query_metadata["QueryExecutionId"] == first.query_metadata["QueryExecutionId"]


def test_a_bad_query_raises_with_the_reason():
    with pytest.raises(wr.exceptions.QueryFailed, match="COLUMN_NOT_FOUND.*nonsense"):
        select("SELECT nonsense FROM readings")


def test_the_catalog_is_read():
    assert DATABASE in wr.catalog.databases().Database.tolist()
    tables = wr.catalog.tables(database=DATABASE)
    assert {"readings", "readings_log"} <= set(tables.Table)
    assert wr.catalog.does_table_exist(database=DATABASE, table="readings")
    assert not wr.catalog.does_table_exist(database=DATABASE, table="nowhere")
    assert wr.catalog.get_table_types(database=DATABASE, table="readings_log") == {
        "deviceid": "string",
        "ts": "timestamp",
        "temperature": "double",
        "humidity": "double",
        "uptime": "bigint",
        "charging": "boolean",
        "note": "string",
        "received_at": "timestamp",
        "dt": "string",
    }
    assert wr.catalog.get_table_location(database=DATABASE, table="readings_log") == f"s3://{BUCKET}/readings/"
    assert wr.catalog.table(database=DATABASE, table="readings_log").Partition.tolist() == [False] * 8 + [True]


def test_a_database_is_made_and_deleted():
    wr.catalog.create_database("wr_made", description="by awswrangler")
    try:
        wr.catalog.create_database("wr_made", exist_ok=True, description="changed")
        assert "wr_made" in wr.catalog.databases().Database.tolist()
        with pytest.raises(wr.exceptions.AlreadyExists):
            wr.catalog.create_database("wr_made")
    finally:
        wr.catalog.delete_database("wr_made")
    assert "wr_made" not in wr.catalog.databases().Database.tolist()


def test_a_parquet_table_is_declared_with_partitions(name, prefix):
    location = f"s3://{BUCKET}/{prefix}"
    wr.catalog.create_parquet_table(
        database=DATABASE,
        table=name,
        path=location,
        columns_types={"n": "bigint", "x": "double"},
        partitions_types={"site": "string", "day": "int"},
        description="made by hand",
        parameters={"made_by": "test"},
        columns_comments={"n": "a number"},
    )
    partitions = {f"{location}site={site}/day={day}/": [site, str(day)] for site in "ab" for day in (1, 2)}
    wr.catalog.add_parquet_partitions(database=DATABASE, table=name, partitions_values=partitions)
    # A second call is not an error.
    wr.catalog.add_parquet_partitions(database=DATABASE, table=name, partitions_values=partitions)
    assert wr.catalog.get_partitions(database=DATABASE, table=name) == partitions
    assert wr.catalog.get_partitions(database=DATABASE, table=name, expression="site = 'b' AND day > 1") == {
        f"{location}site=b/day=2/": ["b", "2"]
    }
    assert wr.catalog.get_table_description(database=DATABASE, table=name) == "made by hand"
    assert wr.catalog.get_table_parameters(database=DATABASE, table=name)["made_by"] == "test"
    assert wr.catalog.get_columns_comments(database=DATABASE, table=name)["n"] == "a number"
    for site, day in (("a", 1), ("b", 2)):
        wr.s3.to_parquet(pd.DataFrame({"n": [day], "x": [0.5]}), f"{location}site={site}/day={day}/1.parquet")
    assert select(f"SELECT n, site, day FROM {name} ORDER BY n").values.tolist() == [[1, "a", 1], [2, "b", 2]]
    wr.catalog.delete_partitions(database=DATABASE, table=name, partitions_values=[["b", "2"]])
    assert select(f"SELECT n FROM {name}").n.tolist() == [1]
    wr.catalog.upsert_table_parameters(parameters={"more": "1"}, database=DATABASE, table=name)
    assert wr.catalog.get_table_parameters(database=DATABASE, table=name)["more"] == "1"
    assert wr.catalog.delete_table_if_exists(database=DATABASE, table=name) is True
    assert wr.catalog.delete_table_if_exists(database=DATABASE, table=name) is False


def test_to_parquet_makes_a_table_that_is_queried(name, prefix):
    frame = frame_of_sites()
    wr.s3.to_parquet(frame, f"s3://{BUCKET}/{prefix}", dataset=True, database=DATABASE, table=name, partition_cols=["site"])
    assert wr.catalog.get_table_types(database=DATABASE, table=name) == {
        "n": "bigint",
        "x": "double",
        "ok": "boolean",
        "t": "string",
        "day": "date",
        "at": "timestamp",
        "site": "string",
    }
    back = wr.athena.read_sql_query(f"SELECT * FROM {name} ORDER BY n", database=DATABASE, ctas_approach=True)
    back = back.sort_values("n")
    assert back.n.tolist() == [1, 2, 3]
    assert back.x.tolist()[::2] == [0.5, 2.5] and back.x.isna().sum() == 1
    assert back.ok.tolist() == [True, False, True]
    assert back.t.tolist()[:2] == ["", "ü"] and pd.isna(back.t.iloc[2])
    assert back.day.tolist()[:2] == [date(2026, 3, 1), date(2026, 3, 2)]
    assert back["at"].tolist()[0] == pd.Timestamp("2026-03-01 01:02:03.004")
    assert back.site.tolist() == ["a", "a", "b"]
    read = wr.s3.read_parquet_table(table=name, database=DATABASE, partition_filter=lambda values: values["site"] == "b")
    assert read.n.tolist() == [3]


def test_to_parquet_appends_overwrites_and_overwrites_partitions(name, prefix):
    def write(rows, mode):
        frame = pd.DataFrame(rows, columns=["n", "site"])
        wr.s3.to_parquet(
            frame, f"s3://{BUCKET}/{prefix}", dataset=True, database=DATABASE, table=name, partition_cols=["site"], mode=mode
        )

    def read():
        return select(f"SELECT n, site FROM {name} ORDER BY n").values.tolist()

    write([(1, "a"), (2, "b")], "append")
    write([(3, "b"), (4, "c")], "append")
    assert read() == [[1, "a"], [2, "b"], [3, "b"], [4, "c"]]
    write([(5, "b")], "overwrite_partitions")
    assert read() == [[1, "a"], [4, "c"], [5, "b"]]
    write([(6, "d")], "overwrite")
    assert read() == [[6, "d"]]
    assert list(wr.catalog.get_partitions(database=DATABASE, table=name).values()) == [["d"]]


def test_to_parquet_adds_a_column(name, prefix):
    options = {"path": f"s3://{BUCKET}/{prefix}", "dataset": True, "database": DATABASE, "table": name}
    wr.s3.to_parquet(pd.DataFrame({"n": [1]}), **options)
    wr.s3.to_parquet(pd.DataFrame({"n": [2], "more": ["x"]}), schema_evolution=True, **options)
    frame = select(f"SELECT n, more FROM {name} ORDER BY n")
    assert frame.n.tolist() == [1, 2]
    assert pd.isna(frame.more.iloc[0]) and frame.more.iloc[1] == "x"


def test_sluices_own_files_are_read_without_athena():
    frame = wr.s3.read_parquet(f"s3://{BUCKET}/readings/", dataset=True, partition_filter=lambda p: p["dt"] == "2026-03-02")
    assert len(frame) == 2120
    assert frame.uptime.sum() == sum(range(1_000_000_002_880, 1_000_000_005_000))


def test_objects_are_listed_read_and_deleted(prefix):
    location = f"s3://{BUCKET}/{prefix}"
    for each in ("a", "b"):
        wr.s3.to_csv(pd.DataFrame({"n": [1]}), f"{location}{each}/1.csv", index=False)
    assert wr.s3.list_directories(location) == [f"{location}a/", f"{location}b/"]
    assert wr.s3.list_objects(location) == [f"{location}a/1.csv", f"{location}b/1.csv"]
    assert wr.s3.does_object_exist(f"{location}a/1.csv")
    assert wr.s3.size_objects([f"{location}a/1.csv"]) == {f"{location}a/1.csv": 4}
    assert wr.s3.read_csv(f"{location}a/1.csv").n.tolist() == [1]
    wr.s3.copy_objects([f"{location}a/1.csv"], source_path=f"{location}a/", target_path=f"{location}c/")
    wr.s3.delete_objects([f"{location}a/1.csv", f"{location}b/1.csv"])
    assert wr.s3.list_objects(location) == [f"{location}c/1.csv"]


def test_describe_and_show_create_table():
    frame = wr.athena.describe_table(table="readings_log", database=DATABASE)
    assert frame["Column Name"].tolist()[:3] == ["deviceid", "ts", "temperature"]
    assert frame["Type"].tolist()[:3] == ["string", "timestamp", "double"]
    assert frame.set_index("Column Name").Partition["dt"]
    text = wr.athena.show_create_table(table="readings_log", database=DATABASE)
    assert text.startswith("CREATE EXTERNAL TABLE `readings_log`(")


def test_repair_table_finds_partitions(name, prefix):
    location = f"s3://{BUCKET}/{prefix}"
    wr.catalog.create_parquet_table(
        database=DATABASE, table=name, path=location, columns_types={"n": "bigint"}, partitions_types={"site": "string"}
    )
    for site in ("a", "b"):
        wr.s3.to_parquet(pd.DataFrame({"n": [1]}), f"{location}site={site}/1.parquet")
    assert select(f"SELECT n FROM {name}").empty
    assert wr.athena.repair_table(table=name, database=DATABASE) == "SUCCEEDED"
    assert select(f"SELECT site FROM {name} ORDER BY 1").site.tolist() == ["a", "b"]


def test_create_ctas_table(name, prefix):
    made = wr.athena.create_ctas_table(
        "SELECT deviceid, uptime, dt FROM readings WHERE dt = '2026-03-02'",
        database=DATABASE,
        ctas_table=name,
        s3_output=f"s3://{BUCKET}/{prefix}",
        partitioning_info=["dt"],
        wait=True,
    )
    assert made["ctas_table"] == name
    assert select(f"SELECT count(*) AS n, max(uptime) AS u FROM {name} WHERE dt = '2026-03-02'").values.tolist() == [
        [2120, 1_000_000_004_999]
    ]


def test_unload_writes_parquet(prefix):
    location = f"s3://{BUCKET}/{prefix}"
    done = wr.athena.unload(f"SELECT deviceid, uptime FROM readings WHERE {ALL}", path=location, database=DATABASE)
    # awswrangler sends the query's own results, including the manifest, to the same location.
    files = wr.s3.read_csv(done.manifest_location, header=None)[0].tolist()
    assert all(file.startswith(location) for file in files)
    assert len(wr.s3.read_parquet(files)) == 5000
