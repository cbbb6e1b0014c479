-- The standing of March 2024 under scheme.toml, from raw findings to places, in exact whole numbers:
-- deductions in tenths of a point, scores in hundredths, rounded half up.
WITH counted AS (
    SELECT
        unit,
        indicator,
        sum(CASE severity WHEN 0 THEN 2 WHEN 1 THEN 5 ELSE 10 END * CASE WHEN found_by IN (3, 4) THEN 2 ELSE 1 END)
            FILTER (found_at >= 1709251200 AND found_at < 1711929600) AS tenths,
        count(*) FILTER (due_at >= 1709251200 AND due_at < 1711929600) AS due,
        -- 2024-04-03 00:00 is the reading moment: what happened later is not yet seen.
        count(*) FILTER (due_at >= 1709251200 AND due_at < 1711929600
            AND rectified_at < 1712102400 AND rectified_at <= due_at) AS rectified
    FROM findings
    WHERE NOT excluded
    GROUP BY unit, indicator
), summed AS (
    SELECT
        unit,
        CAST(sum(least(coalesce(tenths, 0), 300000)) AS HUGEINT) AS tenths,
        CAST(sum(due) AS HUGEINT) AS due,
        CAST(sum(rectified) AS HUGEINT) AS rectified
    FROM counted
    GROUP BY unit
), scored AS (
    -- 80 % of 100 - 5 × deduction / km, and 20 % of the timely rate, over the common denominator metres × due.
    SELECT
        code,
        80 * greatest(100 * metres - 500 * coalesce(tenths, 0), 0) * greatest(coalesce(due, 0), 1)
            + 2000 * CASE WHEN coalesce(due, 0) = 0 THEN 1 ELSE rectified END * metres AS numerator,
        CAST(metres AS HUGEINT) * greatest(coalesce(due, 0), 1) AS denominator
    FROM units LEFT JOIN summed USING (unit)
), rounded AS (
    SELECT code, (2 * numerator + denominator) // (2 * denominator) AS hundredths
    FROM scored
)
SELECT code, rank() OVER (ORDER BY hundredths DESC) AS place, hundredths
FROM rounded
ORDER BY code;
