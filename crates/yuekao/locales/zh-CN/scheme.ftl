### 方案文件中的问题：哪里错了，怎么改

## 名称和编号
scheme-bad-name = 这个编号不能用。
scheme-expected-name = 以小写字母开头，只含小写字母、数字和下划线，如 "field_2"
scheme-expected-file-id = 只含小写字母、数字、连字符和下划线，如 "xianning-2022"
scheme-expected-one-of = 以下之一：{ $names }
scheme-unknown-item = 没有编号为“{ $name }”的分项。请改正编号，或用 [[item]] 补上这个分项。
scheme-unknown-group = 没有编号为“{ $name }”的分组。请改正编号，或用 [[group]] 补上这个分组。
scheme-unknown-ranking = 没有编号为“{ $name }”的排名。请改正编号，或用 [[ranking]] 补上这个排名。
scheme-unknown-band = 奖惩“{ $award }”所说的档次“{ $band }”不在它的排名里。请在该排名下用 [[ranking.band]] 写出这个档次，或改正编号。
scheme-unknown-indicator = 没有指标“{ $indicator }”。请改正编号，或在指标库（或本文件的 [[indicator]]）中补上。
scheme-unknown-heading = 没有通报类别“{ $name }”。请改正编号，或在指标库中补上。
scheme-unknown-aspect = 没有工作方面“{ $name }”。请改正编号，或在指标库中补上。
scheme-unknown-block = 没有板块“{ $name }”。请改正编号，或在指标库中补上。
scheme-standard-not-found = 找不到指标库“{ $standard }”。请用 --standards 指明目录所在文件夹，或改正 standard。

## 数和日期
scheme-out-of-range = 这个整数不在允许的范围内。
scheme-expected-between = { $least } 到 { $most } 之间的整数
scheme-bad-day = 不是日期。
scheme-expected-day = 日期，如 "2021-11-22"
scheme-bad-place = 名次必须是不小于 1 的整数。请改正。
scheme-bad-month-of-year = 月份必须是 1 到 12 的整数。请改正。
scheme-not-whole-fen = 金额不能小于一分。请写到分为止，如 5000 或 0.05。
scheme-ends-before-it-begins = 结束早于开始。请改正起止时间。

## 施行时间
scheme-months-overlap = 与方案“{ $other }”同属“{ $series }”，且自{ $month }起同时施行。同一评价每月只能有一个方案：请改正其中一个的 months。

## 评价对象
scheme-no-participants = 没有评价对象。请用 [[group]] 写出参加评价的单位。
scheme-units-or-select = 分组要么用 units 列出单位，要么用 select 写出条件，两者必居其一。请补上，或删去一个。
scheme-empty-selection = select 里没有条件，会选中全部单位。请写 kind、under 或 attributes。
scheme-unit-in-two-groups = 单位“{ $unit }”已在另一个分组里。一个单位只能在一个分组：请删去一处。
scheme-not-a-participant = 单位“{ $unit }”不是评价对象。请改正编码，或把它列入分组。

## 分项
scheme-needs-rows = “{ $key }”一行也没有。请至少写一行。
scheme-circle = 分项“{ $item }”要用“{ $other }”计算，而“{ $other }”直接或间接又要用“{ $item }”计算，成了循环。请去掉其中一处引用。
scheme-names-itself = 分项“{ $item }”要用它自己计算。请改正所引用的分项。
scheme-wrong-scope = 分项“{ $item }”与所引用的“{ $other }”层级不同。请改正 scope，或用 how = "over" 把下级（检查）的值汇总上来。
scheme-needs-unit-scope = 这里只能用评价对象的分项，而“{ $item }”是下级单位或单次检查的。请先用 how = "over" 把它汇总。
scheme-kind-not-in-scope = 分项“{ $item }”的计算方式不能用于下级单位或单次检查。请改正 scope 或 how。
scheme-change-needs-months = 分项“{ $item }”与上月（去年同月）比较，只有按月评价的方案才能这样写。请改用 how = "period"，或删去。
scheme-not-for-group = 分项“{ $item }”用于分组“{ $group }”，而它所引用的“{ $other }”不用于这个分组。请改正两者的 for。
scheme-weights-do-not-sum = 分项“{ $item }”的权重在分组“{ $group }”合计为 { $sum }，应为 100。请改正各部分的 weight。
scheme-reweigh-without-percent = absent = "reweigh" 只能与 weights = "percent" 同用。请改正。
scheme-clause-never-fires = 分项“{ $item }”的条款“{ $clause }”永远用不上：前面的“{ $earlier }”已把它要管的问题全部管了。请把它移到前面，或删去。
scheme-severity-without-points = 分项“{ $item }”的条款“{ $clause }”没有给全部严重程度写分值；遇到没有分值的问题，当月将不予评价。请补上 minor、general、serious，或用 match 限定 severity。
scheme-per-amount-without-per = 写了 per_amount 而没有写 per。请写明按 visit、site 还是 km 折算，或删去。
scheme-step-twice = 分项“{ $item }”有两档的起点相同。请删去一档，或改正 from。
scheme-slope-without-from = 分项“{ $item }”的这一档没有起点，不能有 slope。请写 from，或删去 slope。
scheme-corners-not-rising = 折点的横坐标必须逐个增大。请改正顺序。
scheme-corner-not-a-pair = 折点必须是一对数，如 [90, 100]。请改正。
scheme-period-weights = 按月加权时，weights 的个数必须等于 span 的月数。请改正。
scheme-flag-without-full = 写了 above_full 或 below_zero 而没有写满分 full。请写满分，或删去。
scheme-full-not-positive = 分项“{ $item }”的满分必须大于零。请改正 full。
scheme-min-above-max = 分项“{ $item }”的下限高于上限。请改正 min 或 max。
scheme-floor-above-cap = 分项“{ $item }”的这一条款，起扣数高于封顶数。请改正 floor 或 cap。
scheme-split-not-a-percentage = 分项“{ $item }”的分担比例必须在 0 到 100 之间。请改正 split。
scheme-item-never-used = 分项“{ $item }”没有用到。请删去，或用 how = "over" 汇总它。

## 排名和奖惩
scheme-ties-then = ties = "then" 与 then = [ … ] 必须同时写。请补上，或都删去。
scheme-band-never-reached = 档次“{ $band }”永远轮不到：前面的“{ $earlier }”已把能进这一档的单位全部收走。请调整顺序或 from、quota。
scheme-award-who = 请写明奖惩给谁：{ $keys } 中写一种（yuan_by_place 与 yuan_by_last、places 与 lasts 可以同写）。
scheme-award-what = 请写明奖惩什么：{ $keys } 中写且只写一种；已按名次写金额的，不再写。
scheme-every-is-true-or-left-out = every 只能写 true。不给全体的，请删去这一行，另写给谁。
scheme-place-cannot-exist = 奖惩“{ $award }”给第 { $place } 名，而该排名最多只有 { $ranked } 名。请改正名次，或增加评价对象。
scheme-places-overlap = 奖惩“{ $award }”从前和从后数的名次合计超过 { $ranked } 个单位，同一单位会既得奖又受罚。请核对。
scheme-shared-missing = 奖惩“{ $award }”没有写并列时金额怎么办。请写 shared = "divide"（合并平分）、"each"（各得全额）或 "none"（都不给）。
scheme-shared-without-places = 奖惩“{ $award }”不按名次给钱，不需要 shared。请删去。
scheme-repetition-without-places = 奖惩“{ $award }”的 consecutive 或 within 只能用于按名次给的奖惩。请改用 places 或 lasts，或删去。
scheme-remainder-missing = 奖惩“{ $award }”的钱要分，没有写分不尽的几分钱归谁。请写 remainder = "host"（留在组织单位）或 "first"（给名次在前的）。
scheme-negative-fund = 奖惩“{ $award }”的总额不能是负数。请改正 fund。
scheme-more-times-than-months = 次数多于月数，永远达不到。请改正 times 或 months。
scheme-return-without-ranking = 按得分返还保证金，要写 ranking 说明看哪个排名的得分。请补上。

## 公式
formula-bad-number = 公式里的数不能读。请写成 12 或 0.5。
formula-expected = 公式里这个地方应为“{ $sign }”。请补上。
formula-expected-comparison = 公式里这个地方应为比较，如 >= 60。请补上。
formula-expected-digits = round 的第二个数是小数位数，应为 0 到 20 的整数。请改正。
formula-expected-value = 公式里这个地方应为数、分项编号或括号。请补上。
formula-left-over = 公式到这里应当结束，后面多了内容。请补上运算符，或删去。
formula-strange-character = 公式里不能用“{ $character }”。请只用 + - * / ( ) , = != < <= > >=（半角）。
formula-too-deep = 公式的括号层数太多。请拆成几个分项。
formula-unknown-function = 没有函数“{ $name }”。可用的有 min、max、abs、floor、ceil、round、given、if、present。
formula-unknown-name = 公式里的“{ $name }”不是分项编号。请改正；单位的属性写作 unit.名称，score、place、last、ranked 只能用在奖惩条件里。
