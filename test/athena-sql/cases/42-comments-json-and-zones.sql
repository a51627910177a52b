-- topic: Comments, strict JSON, one-word time zones
-- Comments have no meaning, wherever they are. JSON follows RFC 8259. Time zones are Trino's.

-- case: a comment after a call
SELECT count(*) -- n
FROM readings

-- case: a comment after a value
SELECT 1 /* one */ AS a, 'b' -- two
, true /* three */

-- case: a comment after a comparison
SELECT count(*) AS n FROM readings WHERE battery > 3500 /* mV */ AND dt = '2026-01-01' -- a day


-- case: a comment between the words of a clause
SELECT /* all */ deviceid, count(/* rows */ * /* every */) AS n FROM /* the view */ readings GROUP /* by */ BY deviceid ORDER -- in
BY deviceid /* up */ ASC

-- case: a comment within an expression
SELECT 1 /* plus */ + /* two */ 2 AS a, CASE /* of */ WHEN /* not */ true THEN 1 /* one */ END AS b, CAST(1 /* to */ AS /* a */ bigint) AS c

-- case: a comment that holds quotes and question marks
SELECT 1 AS a /* it's "a" ? -- b */ -- don't ?

-- case: a comment in a comment's form within a text
SELECT '-- no' AS a, '/* no */' AS b

-- case: a comment before and after a query
/* before */
/* and */ SELECT 1 AS a -- after

-- case: a comment that is not closed
SELECT 1 AS a /* open

-- case: json_parse: a comma after the last element
SELECT json_parse('[1,]') AS a

-- case: json_parse: a comma after the last member
SELECT json_parse('{"a":1,}') AS a

-- case: json_parse: NaN
SELECT json_parse('[NaN]') AS a

-- case: json_parse: NaN alone
SELECT json_parse('NaN') AS a

-- case: json_parse: Infinity
SELECT json_parse('[-Infinity]') AS a

-- case: json_parse: a comment in JSON
SELECT json_parse('[1 /* a */]') AS a

-- case: json_parse: single quotes in JSON
SELECT json_parse('[''a'']') AS a

-- case: json_parse: a number with a leading zero
SELECT json_parse('[01]') AS a

-- case: json_parse: a number with a leading point
SELECT json_parse('[.5]') AS a

-- case: json_parse: a number with a plus
SELECT json_parse('[+1]') AS a

-- case: json_parse: a name without quotes
SELECT json_parse('{a:1}') AS a

-- case: json_parse: two documents
SELECT json_parse('1 2') AS a

-- case: json_parse: a line break in a string
SELECT json_parse('["a
b"]') AS a

-- case: json_parse: another case of true
SELECT json_parse('[True]') AS a

-- case: json_parse: a hexadecimal number
SELECT json_parse('[0x1]') AS a

-- case: json_parse: an empty text
SELECT json_parse('') AS a

-- case: json_parse: a lone comma
SELECT json_parse('[,]') AS a

-- case: json_parse: marks within strings
SELECT json_parse('["a,]", "NaN", "Infinity,}"]') AS a

-- case: json_parse: a key twice
SELECT json_format(json_parse('{"a":1,"a":2}')) AS a

-- case: json_extract_scalar of what is no JSON
SELECT json_extract_scalar('NaN', '$') AS a, json_array_length('Infinity') AS b

-- case: zones of one word in winter
SELECT TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'CET',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'CST6CDT',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Cuba',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'EET',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'EST5EDT',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Egypt',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Eire',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'GB',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'GB-Eire',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Hongkong',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Iceland',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Iran',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Israel',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Jamaica',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Japan',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Kwajalein',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Libya',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'MET',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'MST7MDT',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'NZ',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'NZ-CHAT',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Navajo',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'PRC',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'PST8PDT',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Poland',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Portugal',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'ROK',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Singapore',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Turkey',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'W-SU',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'WET'

-- case: zones of one word in summer
SELECT TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'CET',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'CST6CDT',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'Cuba',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'EET',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'EST5EDT',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'Egypt',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'Eire',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'GB',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'GB-Eire',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'Hongkong',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'Iceland',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'Iran',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'Israel',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'Jamaica',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'Japan',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'Kwajalein',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'Libya',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'MET',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'MST7MDT',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'NZ',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'NZ-CHAT',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'Navajo',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'PRC',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'PST8PDT',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'Poland',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'Portugal',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'ROK',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'Singapore',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'Turkey',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'W-SU',
  TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'WET'

-- case: names of UTC
SELECT TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'GMT',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'GMT0',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'GMT+0',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'GMT-0',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Greenwich',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'UCT',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'UTC',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Universal',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Zulu',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Etc/GMT',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Etc/GMT0',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Etc/UCT',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Etc/Universal'

-- case: zones of Etc
SELECT TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Etc/GMT+5',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Etc/GMT-14',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Etc/GMT+12',
  TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Etc/GMT-1'

-- case: no zone EST
SELECT TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'EST' AS a

-- case: no zone MST
SELECT TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'MST' AS a

-- case: no zone HST
SELECT TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'HST' AS a

-- case: no zone ROC
SELECT TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'ROC' AS a

-- case: no zone PST
SELECT TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'PST' AS a

-- case: no zone IST
SELECT TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'IST' AS a

-- case: no zone Etc/Zulu
SELECT TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Etc/Zulu' AS a

-- case: no zone Etc/Greenwich
SELECT TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Etc/Greenwich' AS a

-- case: no zone SystemV/EST5EDT
SELECT TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'SystemV/EST5EDT' AS a

-- case: no zone Etc/GMT-15
SELECT TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Etc/GMT-15' AS a

-- case: no zone Factory
SELECT TIMESTAMP '2026-01-01 00:00:00' AT TIME ZONE 'Factory' AS a
