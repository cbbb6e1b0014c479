### The findings of a month: list, map, files

findings-here = Problems
findings-title = Problems of { $month }
findings-title-of = { $unit }: problems of { $month }
findings-lede = List, map and files answer the same question, with the same number of problems.
findings-count = { $count ->
        [one] One problem
       *[other] { $count } problems
    }
findings-not-counted = { $count ->
    [one] { $count } of them was excluded or is exempt, and the bulletin does not count it.
   *[other] { $count } of them were excluded or are exempt, and the bulletin does not count them.
}
findings-none = No problem fits.
findings-none-next = Ask for less, or see all problems.
findings-filter = Filter
findings-any-unit = all units
findings-any-category = all categories
findings-any-severity = every severity
findings-show = Show
findings-all = Show all
findings-list = List
findings-map = Map
findings-files = Download (same filter):
findings-page = Page { $page } of { $pages }
findings-pages = Pages
findings-previous = Previous page
findings-next = Next page
findings-no-photo = no photo
findings-unit-all = On the map, with filters
findings-unit-list = All problems of this unit
findings-month-all = All problems of the month
findings-no-category = There is no category "{ $category }" in this month. Choose one in the filter.
findings-no-severity = There is no severity "{ $severity }". Choose one in the filter.
findings-col-unit-code = Code of the unit
findings-col-lng = Longitude (WGS 84)
findings-col-lat = Latitude (WGS 84)

findings-map-caption = { $count ->
    [one] { $count } problem on the map. Its shape and colour tell its category; click it to open the problem.
   *[other] { $count } problems on the map. A circle with a number stands for the problems near it and opens when it is clicked; the shape and colour of a single point tell its category; click it to open the problem.
}
findings-map-caption-missing = { $count ->
    [one] { $count } problem on the map; { $missing } more without a recorded position in the list only. Its shape and colour tell its category; click it to open the problem.
   *[other] { $count } problems on the map; { $missing } more without a recorded position in the list only. A circle with a number stands for the problems near it and opens when it is clicked; the shape and colour of a single point tell its category; click it to open the problem.
}
findings-map-show = What the map shows
findings-map-units = Scores of units
findings-map-points = Problems
findings-map-other = no category
# {count}, {seen} and {more} are filled in by the map
findings-map-seen = {"{"}count{"}"} points on the map, {"{"}seen{"}"} in sight
findings-map-failed = The points have not come. Check the network, then move the map or try the switch again.
findings-map-more = {"{"}more{"}"} more are here: see the list
