-- topic: JSON

-- case: json_extract_scalar
SELECT json_extract_scalar('{"a":{"b":[1,"two",null]}}', '$.a.b[1]') AS a, json_extract_scalar('{"a":1}', '$.a') AS b, json_extract_scalar('{"a":1}', '$.z') AS c, json_extract_scalar('{"a":{}}', '$.a') AS d

-- case: json_extract_scalar of booleans and doubles
SELECT json_extract_scalar('{"a":true,"b":1.50}', '$.a') AS a, json_extract_scalar('{"a":true,"b":1.50}', '$.b') AS b

-- case: json_extract_scalar of what is no JSON
SELECT json_extract_scalar('not json', '$.a') AS a

-- case: json_extract
SELECT json_extract('{"a":{"b":[1,2]}}', '$.a.b') AS a

-- case: json_format
SELECT json_format(json_extract('{"a": {"b": [1, 2]}}', '$.a')) AS a

-- case: json_parse
SELECT json_parse('{"b": 1, "a": [true, null]}') AS j

-- case: json as text
SELECT CAST(json_parse('"x"') AS varchar) AS a, CAST(json_parse('5') AS bigint) AS b

-- case: a value as json
SELECT json_format(CAST(ARRAY[1, 2] AS json)) AS a

-- case: json_array_length
SELECT json_array_length('[1, 2, 3]') AS n, json_array_length('{}') AS none

-- case: json_array_contains
SELECT json_array_contains('[1, 2, 3]', 2) AS a

-- case: json_array_get
SELECT json_array_get('["a", "b"]', 0) AS a

-- case: json_size
SELECT json_size('{"a": {"b": 1, "c": 2}}', '$.a') AS n

-- case: is_json_scalar
SELECT is_json_scalar('1') AS a, is_json_scalar('[1]') AS b

-- case: json_value
SELECT json_value('{"a": 1}', 'lax $.a') AS a

-- case: json_query
SELECT json_query('{"a": [1, 2]}', 'lax $.a') AS a

-- case: json_exists
SELECT json_exists('{"a": 1}', 'lax $.a') AS a

-- case: json_object
SELECT json_object('a' : 1, 'b' : 'x') AS j

-- case: a json array as rows
SELECT v FROM UNNEST(CAST(json_parse('[1, 2]') AS array(integer))) AS t (v) ORDER BY v
