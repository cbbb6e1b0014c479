-- Findings number $1 to $2 - 1, each column from the number alone. `generated` in crates/assessment/benches/standings.rs
-- makes the same rows, so that no file has to travel. Times are seconds of local civil time since 1970-01-01.
INSERT INTO findings
WITH mixed AS (
    SELECT
        ((i * 48271 + 11) % 2147483647) // 1000 AS a,
        ((i * 69621 + 13) % 2147483647) // 1000 AS b,
        ((i * 39373 + 17) % 2147483647) // 1000 AS c,
        ((i * 62089911 + 19) % 2147483647) // 1000 AS d,
        ((i * 742938285 + 23) % 2147483647) // 1000 AS e,
        ((i * 950706376 + 29) % 2147483647) // 1000 AS f,
        ((i * 1226874159 + 31) % 2147483647) // 1000 AS g,
        ((i * 1343714438 + 37) % 2147483647) // 1000 AS h,
        ((i * 630360016 + 41) % 2147483647) // 1000 AS k
    FROM range(CAST($1 AS BIGINT), CAST($2 AS BIGINT)) AS numbers (i)
), timed AS (
    SELECT *, a % 8 AS unit_, 1708387200 + 60 * (f % 64800) AS found_, 1 + g % 7 AS days FROM mixed
)
SELECT
    unit_,
    CASE WHEN k % 50 = 0 THEN (unit_ + 1) % 8 END,
    (b % 40) * (c % 40) // 40,
    k % 5,
    CASE WHEN d % 100 < 60 THEN 0 WHEN d % 100 < 90 THEN 1 ELSE 2 END,
    CASE WHEN e % 100 < 70 THEN 0 WHEN e % 100 < 85 THEN 1 WHEN e % 100 < 90 THEN 2
         WHEN e % 100 < 94 THEN 3 WHEN e % 100 < 97 THEN 4 ELSE 5 END,
    found_,
    CASE WHEN g % 50 <> 0 THEN found_ + 86400 * days END,
    CASE WHEN h % 100 < 97 THEN found_ + (h * 1009 + g) % (864 * days * (105 + 2 * unit_)) END,
    CASE WHEN d % 10 = 7 THEN b % 4 ELSE 0 END,
    CASE WHEN e % 20 = 3 THEN c % 3 ELSE 0 END,
    h % 40 = 5,
    k % 200 = 9
FROM timed;
