### Units

units-title = Units
units-lede = the tree of units in any month; import a table or divisions
units-import = Import units
units-count = { $count ->
    [one] { $count } unit in { $month }
   *[other] { $count } units in { $month }
}
units-search = Name or code
units-kind = Kind
units-all-kinds = all
units-show = Show
units-code = Code
units-name = Name
units-parent = Parent
units-above = Above
units-below = Below
units-valid = Months
units-attributes = Attributes
units-spans = How it changed
units-none = There are no units in this month. Import some first.
units-none-yet = There are no units in this month. They are listed here once the leading group's office has imported them.
units-not-found = Nothing was found. Try another month, name or kind.
units-none-below = No unit is below it.
units-more = { $count } more are not listed: write more of the name.
units-unknown = No unit has the code “{ $code }”. Check the code.
units-from = From which month on
units-from-hint = At first, the month in which the evaluation begins, or earlier. Units that are known change from this month on; earlier months stay as they were.
units-import-lede = Look first, then take; every bad row is named. The same file again changes nothing.
units-by-file = From a table
units-file-hint = CSV or XLSX with code, name, kind, parent, attributes; or divisions with code, name, level, parent_code, kind
units-template = An empty table
units-by-divisions = From administrative divisions
units-divisions-lede = Takes a region with the divisions below it as units, without typing. The statistical codes of Xianning, Hubei (2023) come along.
units-region = Code of the region
units-region-hint = for instance 421200000000 (the city) or 421221000000 (a county); zeros at the end may be left out
units-down-to = Down to
units-level-prefecture = prefecture
units-level-county = counties
units-level-township = townships
units-level-village = villages and communities
units-own-divisions = Another region: a file of divisions of your own
units-own-divisions-hint = CSV with code, name, level, parent_code, kind; without a file the divisions that come along are used
units-only = Only units come in here. Import other rows under “Import evidence”.
units-end = End this unit
units-end-lede = When a unit is dissolved or merged, give its last month. Until then it stays what it was, afterwards it is listed no more; its grids and duties are given to others first, its accounts and routes afterwards. A wrong month can be given anew.
units-end-last = Last month
units-end-too-early = “{ $unit }” has been as it is since { $from }. Give { $from } or a later month, or look at its months first.
units-end-below = After { $last }, { $count } units are still below “{ $unit }” ({ $names }). Give them another unit above by a table of units first, or end them too.
units-end-grids = After { $last }, { $count } grids still lie in “{ $unit }” or have a duty in its hands ({ $names }). On their pages, give them another unit and other holders from the next month on, or a last day, first.
units-see = See the units

unit-kind-prefecture = prefecture
unit-kind-county = county
unit-kind-zone = zone
unit-kind-township = township
unit-kind-community = community
unit-kind-village = village
unit-kind-compound = compound
unit-kind-department = department
unit-kind-unit = other unit

divisions-not-these = { $name } is no file of divisions. It needs the columns code, name, level, parent_code, kind.
divisions-no-such-region = The divisions have no region “{ $region }”. Give the code of a prefecture, county, township or village, for instance 421221000000.
units-otherwise = Another month
units-management-professional = professionally managed
units-management-entrusted = entrusted
units-management-self-managed = self-managed
units-attribute-households = { $value } households
units-attribute-population = { $value } inhabitants
units-attribute-area_km2 = { $value } km²
