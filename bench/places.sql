-- DuckDB's side: the grid and the community of every point, the smallest id where several are touched.
-- DuckDB plans either join as its SPATIAL_JOIN, with an R-tree over the areas.
CREATE OR REPLACE TABLE located AS
WITH in_grid AS (
    SELECT number, min(id) AS id FROM points JOIN grids ON ST_Intersects(area, place) GROUP BY number
), in_community AS (
    SELECT number, min(id) AS id FROM points JOIN communities ON ST_Intersects(area, place) GROUP BY number
)
SELECT number, coalesce(in_grid.id, 0) AS grid, coalesce(in_community.id, 0) AS community
FROM points LEFT JOIN in_grid USING (number) LEFT JOIN in_community USING (number)
