"""boto3: Athena, Glue, S3 and Firehose as their API references describe them."""

import json
import time
import uuid
from datetime import datetime, timedelta, timezone

import boto3
import pytest
from botocore.exceptions import ClientError

from conftest import BUCKET, DATABASE, STAGING, WORK_GROUP


def run(athena, sql, **options):
    """Starts a query and waits for its end; returns the QueryExecution."""
    options = {"QueryExecutionContext": {"Database": DATABASE}, "WorkGroup": WORK_GROUP, **options}
    query = athena.start_query_execution(QueryString=sql, **options)["QueryExecutionId"]
    for _ in range(600):
        execution = athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]
        if execution["Status"]["State"] not in ("QUEUED", "RUNNING"):
            return execution
        time.sleep(0.05)
    raise AssertionError(f"{sql} did not end")


def rows(athena, execution):
    """Every row of every page, including the header, as strings and None."""
    paginator = athena.get_paginator("get_query_results")
    pages = list(paginator.paginate(QueryExecutionId=execution["QueryExecutionId"]))
    return [
        [cell.get("VarCharValue") for cell in row["Data"]] for page in pages for row in page["ResultSet"]["Rows"]
    ], len(pages)


def test_a_query_is_started_followed_and_read(athena, s3):
    execution = run(
        athena,
        "SELECT deviceid, count(*) AS n, avg(temperature) AS t FROM readings WHERE dt = '2026-03-01' GROUP BY 1 ORDER BY 1",
        ResultConfiguration={"OutputLocation": STAGING},
    )
    assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
    assert execution["StatementType"] == "DML"
    assert execution["SubstatementType"] == "SELECT"
    assert execution["WorkGroup"] == WORK_GROUP
    assert execution["Statistics"]["DataScannedInBytes"] > 0
    location = execution["ResultConfiguration"]["OutputLocation"]
    assert location == f"{STAGING}{execution['QueryExecutionId']}.csv"
    assert rows(athena, execution)[0] == [
        ["deviceid", "n", "t"],
        ["sensor-1", "720", "20.5"],
        ["sensor-2", "720", "20.75"],
        ["sensor-3", "720", "21.0"],
        ["sensor-4", "720", "21.25"],
    ]
    body = s3.get_object(Bucket=BUCKET, Key=location.removeprefix(f"s3://{BUCKET}/"))["Body"].read()
    assert body.startswith(b'"deviceid","n","t"\n"sensor-1","720","20.5"\n')
    s3.head_object(Bucket=BUCKET, Key=location.removeprefix(f"s3://{BUCKET}/") + ".metadata")


def test_five_thousand_rows_come_in_pages_of_a_thousand(athena):
    execution = run(athena, "SELECT uptime FROM readings WHERE dt BETWEEN '2026-03-01' AND '2026-03-02' ORDER BY uptime")
    all_rows, pages = rows(athena, execution)
    assert pages == 6
    assert len(all_rows) == 5001
    assert all_rows[1] == ["1000000000000"]
    assert all_rows[-1] == ["1000000004999"]


def test_column_types_are_athenas(athena):
    execution = run(athena, "SELECT deviceid, ts, temperature, uptime, charging, note, dt FROM readings LIMIT 0")
    result = athena.get_query_results(QueryExecutionId=execution["QueryExecutionId"])["ResultSet"]
    types = [column["Type"] for column in result["ResultSetMetadata"]["ColumnInfo"]]
    assert types == ["varchar", "timestamp", "double", "bigint", "boolean", "varchar", "varchar"]


def test_execution_parameters_take_the_places_of_question_marks(athena):
    execution = run(
        athena,
        "SELECT count(*) FROM readings WHERE dt = ? AND temperature > ?",
        ExecutionParameters=["'2026-03-02'", "21.5"],
    )
    assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
    assert rows(athena, execution)[0][1] == ["265"]


def test_a_bad_query_fails_with_a_reason_and_an_athena_error(athena):
    execution = run(athena, "SELECT nonsense FROM readings")
    assert execution["Status"]["State"] == "FAILED"
    assert "COLUMN_NOT_FOUND" in execution["Status"]["StateChangeReason"]
    assert "nonsense" in execution["Status"]["StateChangeReason"]
    assert execution["Status"]["AthenaError"]["ErrorCategory"] == 2
    with pytest.raises(ClientError) as caught:
        athena.get_query_results(QueryExecutionId=execution["QueryExecutionId"])
    assert caught.value.response["Error"]["Code"] == "InvalidRequestException"


def test_a_query_that_is_stopped_is_cancelled(athena):
    sql = "SELECT count(*) FROM readings a, readings b, readings c WHERE a.temperature + b.temperature > c.temperature"
    options = {"QueryExecutionContext": {"Database": DATABASE}, "WorkGroup": WORK_GROUP}
    query = athena.start_query_execution(QueryString=sql, **options)["QueryExecutionId"]
    athena.stop_query_execution(QueryExecutionId=query)
    for _ in range(200):
        state = athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]["State"]
        if state == "CANCELLED":
            break
        time.sleep(0.05)
    assert state == "CANCELLED"


def test_the_same_request_token_is_the_same_query(athena):
    options = {"ClientRequestToken": uuid.uuid4().hex, "WorkGroup": WORK_GROUP}
    first = athena.start_query_execution(QueryString="SELECT 1", **options)
    assert athena.start_query_execution(QueryString="SELECT 1", **options)["QueryExecutionId"] == first["QueryExecutionId"]


def test_a_named_query_is_kept(athena):
    query = athena.create_named_query(
        Name="one", Description="gives 1", Database=DATABASE, QueryString="SELECT 1", WorkGroup=WORK_GROUP
    )["NamedQueryId"]
    assert query in athena.list_named_queries(WorkGroup=WORK_GROUP)["NamedQueryIds"]
    assert athena.get_named_query(NamedQueryId=query)["NamedQuery"] == {
        "Name": "one",
        "Description": "gives 1",
        "Database": DATABASE,
        "QueryString": "SELECT 1",
        "NamedQueryId": query,
        "WorkGroup": WORK_GROUP,
    }
    athena.delete_named_query(NamedQueryId=query)
    with pytest.raises(ClientError):
        athena.get_named_query(NamedQueryId=query)


def test_a_prepared_statement_is_executed_with_parameters(athena):
    statement = f"p_{uuid.uuid4().hex[:8]}"
    athena.create_prepared_statement(
        StatementName=statement,
        WorkGroup=WORK_GROUP,
        QueryStatement="SELECT count(*) FROM readings WHERE dt = ? AND deviceid = ?",
    )
    execution = run(athena, f"EXECUTE {statement} USING '2026-03-01', 'sensor-1'")
    assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
    assert rows(athena, execution)[0][1] == ["720"]
    execution = run(athena, f"EXECUTE {statement}", ExecutionParameters=["'2026-03-02'", "'sensor-1'"])
    assert rows(athena, execution)[0][1] == ["530"]
    athena.delete_prepared_statement(StatementName=statement, WorkGroup=WORK_GROUP)
    with pytest.raises(ClientError) as caught:
        athena.get_prepared_statement(StatementName=statement, WorkGroup=WORK_GROUP)
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_the_catalog_has_sluices_tables(glue):
    tables = {table["Name"]: table for table in glue.get_tables(DatabaseName=DATABASE)["TableList"]}
    assert tables["readings"]["TableType"] == "VIRTUAL_VIEW"
    log = tables["readings_log"]
    assert [(column["Name"], column["Type"]) for column in log["StorageDescriptor"]["Columns"]] == [
        ("deviceid", "string"),
        ("ts", "timestamp"),
        ("temperature", "double"),
        ("humidity", "double"),
        ("uptime", "bigint"),
        ("charging", "boolean"),
        ("note", "string"),
        ("received_at", "timestamp"),
    ]
    assert [key["Name"] for key in log["PartitionKeys"]] == ["dt"]
    assert isinstance(log["CreateTime"], datetime)


def test_what_glue_does_not_have_is_not_found(glue):
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_table(DatabaseName=DATABASE, Name="no_such_table")
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_tables(DatabaseName="no_such_database")


def test_partitions_are_made_filtered_and_deleted(glue, name):
    columns = [{"Name": "x", "Type": "int"}]
    location = f"s3://{BUCKET}/clients/{name}/"
    descriptor = {"Columns": columns, "Location": location, "SerdeInfo": {}}
    glue.create_table(
        DatabaseName=DATABASE,
        TableInput={
            "Name": name,
            "TableType": "EXTERNAL_TABLE",
            "PartitionKeys": [{"Name": "day", "Type": "int"}, {"Name": "site", "Type": "string"}],
            "StorageDescriptor": descriptor,
        },
    )
    inputs = [
        {"Values": [str(day), site], "StorageDescriptor": {**descriptor, "Location": f"{location}{day}/{site}/"}}
        for day in (2, 10, 30)
        for site in ("a", "b")
    ]
    made = glue.batch_create_partition(DatabaseName=DATABASE, TableName=name, PartitionInputList=inputs)
    assert made["Errors"] == []
    again = glue.batch_create_partition(DatabaseName=DATABASE, TableName=name, PartitionInputList=inputs[:1])
    assert again["Errors"][0]["ErrorDetail"]["ErrorCode"] == "AlreadyExistsException"
    found = glue.get_partitions(DatabaseName=DATABASE, TableName=name, Expression="day > 9 AND site = 'b'")["Partitions"]
    assert sorted(partition["Values"] for partition in found) == [["10", "b"], ["30", "b"]]
    glue.delete_partition(DatabaseName=DATABASE, TableName=name, PartitionValues=["10", "b"])
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_partition(DatabaseName=DATABASE, TableName=name, PartitionValues=["10", "b"])
    assert len(glue.get_partitions(DatabaseName=DATABASE, TableName=name)["Partitions"]) == 5


def test_objects_go_in_and_out_of_s3(s3, prefix):
    body = bytes(range(256)) * 40_000
    s3.put_object(Bucket=BUCKET, Key=f"{prefix}a/ü +&.bin", Body=body, ContentType="application/x-test", Metadata={"k": "v"})
    answer = s3.get_object(Bucket=BUCKET, Key=f"{prefix}a/ü +&.bin")
    assert answer["Body"].read() == body
    assert answer["ContentType"] == "application/x-test"
    assert answer["Metadata"] == {"k": "v"}
    part = s3.get_object(Bucket=BUCKET, Key=f"{prefix}a/ü +&.bin", Range="bytes=-3")
    assert part["Body"].read() == b"\xfd\xfe\xff"
    listed = s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix, Delimiter="/")
    assert [each["Prefix"] for each in listed["CommonPrefixes"]] == [f"{prefix}a/"]
    deleted = s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": f"{prefix}a/ü +&.bin"}]})
    assert [each["Key"] for each in deleted["Deleted"]] == [f"{prefix}a/ü +&.bin"]
    assert s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix)["KeyCount"] == 0


def test_sts_says_which_account_it_is(glue):
    identity = boto3.client("sts").get_caller_identity()
    assert identity["Account"] == "000000000000"
    assert glue.get_database(Name=DATABASE)["Database"]["CatalogId"] == identity["Account"]
    with pytest.raises(ClientError, match="no GetSessionToken"):
        boto3.client("sts").get_session_token()


def test_a_large_file_goes_up_in_parts(s3, prefix, tmp_path):
    file = tmp_path / "large"
    file.write_bytes(b"0123456789abcdef" * 1_500_000)
    s3.upload_file(str(file), BUCKET, f"{prefix}large")
    assert s3.head_object(Bucket=BUCKET, Key=f"{prefix}large")["ContentLength"] == 24_000_000
    back = tmp_path / "back"
    s3.download_file(BUCKET, f"{prefix}large", str(back))
    assert back.read_bytes() == file.read_bytes()


def test_a_record_put_to_firehose_is_a_row(athena):
    firehose = boto3.client("firehose")
    now = datetime.now(timezone.utc).replace(microsecond=0) - timedelta(minutes=1)
    device = f"live-{uuid.uuid4().hex[:8]}"
    reading = {"device": device, "time": now.isoformat(), "temperature": 3.25, "uptime": 2**53 - 1, "charging": True}
    put = firehose.put_record(
        DeliveryStreamName="sluice-delivery", Record={"Data": json.dumps(reading).encode() + b"\n"}
    )
    assert put["RecordId"]
    batch = firehose.put_record_batch(
        DeliveryStreamName="sluice-delivery",
        Records=[{"Data": json.dumps({**reading, "temperature": 4.5}).encode()}, {"Data": b"no JSON"}],
    )
    assert batch["FailedPutCount"] == 0
    sql = f"SELECT temperature, uptime, charging, note FROM readings_log WHERE deviceid = '{device}' ORDER BY 1"
    for _ in range(60):
        found = rows(athena, run(athena, sql))[0][1:]
        if len(found) == 2:
            break
        time.sleep(0.25)
    assert found == [
        ["3.25", "9007199254740991", "true", None],
        ["4.5", "9007199254740991", "true", None],
    ]
