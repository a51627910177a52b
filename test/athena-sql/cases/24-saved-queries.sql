-- topic: The saved queries
-- Every query in `queries/` whose rows do not depend on the current time, on local days with and without readings, and on days when clocks change.

-- case: anomalies, a day of summer
-- saved: anomalies date=2026-07-14 timezone=UTC

-- case: anomalies, the day with 23 hours in Berlin
-- saved: anomalies date=2026-03-29 timezone=Europe/Berlin

-- case: anomalies, the day with 25 hours in Berlin
-- saved: anomalies date=2026-10-25 timezone=Europe/Berlin

-- case: anomalies, a day in Seoul
-- saved: anomalies date=2026-07-14 timezone=Asia/Seoul

-- case: anomalies, an empty day
-- saved: anomalies date=2024-06-01 timezone=UTC

-- case: anomalies with a low threshold, a day of summer
-- saved: anomalies date=2026-07-14 timezone=UTC threshold=1.5

-- case: anomalies with a low threshold, the day with 23 hours in Berlin
-- saved: anomalies date=2026-03-29 timezone=Europe/Berlin threshold=1.5

-- case: anomalies with a low threshold, the day with 25 hours in Berlin
-- saved: anomalies date=2026-10-25 timezone=Europe/Berlin threshold=1.5

-- case: comfort, a day of summer
-- saved: comfort date=2026-07-14 timezone=UTC

-- case: comfort, the day with 23 hours in Berlin
-- saved: comfort date=2026-03-29 timezone=Europe/Berlin

-- case: comfort, the day with 25 hours in Berlin
-- saved: comfort date=2026-10-25 timezone=Europe/Berlin

-- case: comfort, a day in Seoul
-- saved: comfort date=2026-07-14 timezone=Asia/Seoul

-- case: comfort, an empty day
-- saved: comfort date=2024-06-01 timezone=UTC

-- case: daily-temperature, a day of summer
-- saved: daily-temperature date=2026-07-14 timezone=UTC

-- case: daily-temperature, the day with 23 hours in Berlin
-- saved: daily-temperature date=2026-03-29 timezone=Europe/Berlin

-- case: daily-temperature, the day with 25 hours in Berlin
-- saved: daily-temperature date=2026-10-25 timezone=Europe/Berlin

-- case: daily-temperature, a day in Seoul
-- saved: daily-temperature date=2026-07-14 timezone=Asia/Seoul

-- case: daily-temperature, an empty day
-- saved: daily-temperature date=2024-06-01 timezone=UTC

-- case: day-over-day, a day of summer
-- saved: day-over-day date=2026-07-14 timezone=UTC

-- case: day-over-day, the day with 23 hours in Berlin
-- saved: day-over-day date=2026-03-29 timezone=Europe/Berlin

-- case: day-over-day, the day with 25 hours in Berlin
-- saved: day-over-day date=2026-10-25 timezone=Europe/Berlin

-- case: day-over-day, a day in Seoul
-- saved: day-over-day date=2026-07-14 timezone=Asia/Seoul

-- case: day-over-day, an empty day
-- saved: day-over-day date=2024-06-01 timezone=UTC

-- case: duplicates-and-late, a day of summer
-- saved: duplicates-and-late date=2026-07-14 timezone=UTC

-- case: duplicates-and-late, the day with 23 hours in Berlin
-- saved: duplicates-and-late date=2026-03-29 timezone=Europe/Berlin

-- case: duplicates-and-late, the day with 25 hours in Berlin
-- saved: duplicates-and-late date=2026-10-25 timezone=Europe/Berlin

-- case: duplicates-and-late, a day in Seoul
-- saved: duplicates-and-late date=2026-07-14 timezone=Asia/Seoul

-- case: duplicates-and-late, an empty day
-- saved: duplicates-and-late date=2024-06-01 timezone=UTC

-- case: first-last-seen, all of the past from a day
-- saved: first-last-seen since=2026-03-01

-- case: fleet-summary, a day of summer
-- saved: fleet-summary date=2026-07-14 timezone=UTC

-- case: fleet-summary, the day with 23 hours in Berlin
-- saved: fleet-summary date=2026-03-29 timezone=Europe/Berlin

-- case: fleet-summary, the day with 25 hours in Berlin
-- saved: fleet-summary date=2026-10-25 timezone=Europe/Berlin

-- case: fleet-summary, a day in Seoul
-- saved: fleet-summary date=2026-07-14 timezone=Asia/Seoul

-- case: fleet-summary, an empty day
-- saved: fleet-summary date=2024-06-01 timezone=UTC

-- case: hourly-profile, a day of summer
-- saved: hourly-profile date=2026-07-14 timezone=UTC days=3

-- case: hourly-profile, the day with 23 hours in Berlin
-- saved: hourly-profile date=2026-03-29 timezone=Europe/Berlin days=3

-- case: hourly-profile, the day with 25 hours in Berlin
-- saved: hourly-profile date=2026-10-25 timezone=Europe/Berlin days=3

-- case: hourly-profile, a day in Seoul
-- saved: hourly-profile date=2026-07-14 timezone=Asia/Seoul days=3

-- case: hourly-profile, an empty day
-- saved: hourly-profile date=2024-06-01 timezone=UTC days=3

-- case: hourly-temperature, a day of summer
-- saved: hourly-temperature date=2026-07-14 timezone=UTC

-- case: hourly-temperature, the day with 23 hours in Berlin
-- saved: hourly-temperature date=2026-03-29 timezone=Europe/Berlin

-- case: hourly-temperature, the day with 25 hours in Berlin
-- saved: hourly-temperature date=2026-10-25 timezone=Europe/Berlin

-- case: hourly-temperature, a day in Seoul
-- saved: hourly-temperature date=2026-07-14 timezone=Asia/Seoul

-- case: hourly-temperature, an empty day
-- saved: hourly-temperature date=2024-06-01 timezone=UTC

-- case: longest-silences, a day of summer
-- saved: longest-silences date=2026-07-14 timezone=UTC days=3

-- case: longest-silences, the day with 23 hours in Berlin
-- saved: longest-silences date=2026-03-29 timezone=Europe/Berlin days=3

-- case: longest-silences, the day with 25 hours in Berlin
-- saved: longest-silences date=2026-10-25 timezone=Europe/Berlin days=3

-- case: longest-silences, a day in Seoul
-- saved: longest-silences date=2026-07-14 timezone=Asia/Seoul days=3

-- case: longest-silences, an empty day
-- saved: longest-silences date=2024-06-01 timezone=UTC days=3

-- case: partition-sizes, all of the past from a day
-- saved: partition-sizes since=2026-03-01

-- case: reading-rate, a day of summer
-- saved: reading-rate date=2026-07-14 timezone=UTC

-- case: reading-rate, the day with 23 hours in Berlin
-- saved: reading-rate date=2026-03-29 timezone=Europe/Berlin

-- case: reading-rate, the day with 25 hours in Berlin
-- saved: reading-rate date=2026-10-25 timezone=Europe/Berlin

-- case: reading-rate, a day in Seoul
-- saved: reading-rate date=2026-07-14 timezone=Asia/Seoul

-- case: reading-rate, an empty day
-- saved: reading-rate date=2024-06-01 timezone=UTC

-- case: temperature-distribution, a day of summer
-- saved: temperature-distribution date=2026-07-14 timezone=UTC

-- case: temperature-distribution, the day with 23 hours in Berlin
-- saved: temperature-distribution date=2026-03-29 timezone=Europe/Berlin

-- case: temperature-distribution, the day with 25 hours in Berlin
-- saved: temperature-distribution date=2026-10-25 timezone=Europe/Berlin

-- case: temperature-distribution, a day in Seoul
-- saved: temperature-distribution date=2026-07-14 timezone=Asia/Seoul

-- case: temperature-distribution, an empty day
-- saved: temperature-distribution date=2024-06-01 timezone=UTC
