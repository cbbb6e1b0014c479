### 当月为什么不能评价

refusal-scheme-not-valid-in-month = 方案“{ $scheme }”在{ $month }没有评价期，不能评价。请改用当月施行的方案；只想看看结果，可用 yuekao what-if 试算。
refusal-standard-missing = 方案要用指标库“{ $standard }”，而没有给出。请用 --standard 指明目录文件。
refusal-unknown-unit = 评价对象“{ $unit }”不在单位表中。请在 units.csv 补上这个单位，或改正方案。
refusal-unit-in-two-groups = 单位“{ $unit }”同时属于两个分组。请改正方案的分组条件，使每个单位只在一个分组。
refusal-no-participants = 没有一个单位符合方案的评价对象条件。请核对 units.csv 的 kind、parent 和 attributes。
refusal-fact-of-unknown-unit = “{ $fact }”所属的单位“{ $unit }”不在单位表中。请在 units.csv 补上这个单位，或改正这一行。
refusal-must-check-missing = 必检区域“{ $title }”未查足：{ $unit }的“{ $stratum }”本期检查 { $visits } 次，至少应为 { $least } 次。请补查后再评价。
refusal-value-missing = { $unit }的“{ $title }”（{ $item }）没有数据，本期不予评价。请补齐数据；允许缺数的，请在方案中用 missing 写明怎么办。
refusal-no-points-for-severity = 指标“{ $indicator }”出现{ $severity ->
        [minor] 轻微
        [general] 一般
        [serious] 严重
       *[other] { $severity }
    }程度的问题，而条款“{ $clause }”没有相应分值。请在方案或指标库中补上分值，或改正问题的严重程度。
refusal-unknown-grade = { $unit }的检查等级“{ $grade }”（{ $key }）不在方案所列等级中。请改正检查记录，或在方案的 grades 中补上。
refusal-attribute-not-a-number = { $unit }的属性“{ $attribute }”为“{ $text }”，不是数。请改正 units.csv。
refusal-quantity-missing = 奖惩“{ $award }”要按{ $unit }的“{ $item }”计算，而没有数据。请补齐数据。
refusal-negative-quantity = 奖惩“{ $award }”要按“{ $item }”分配总额，而{ $unit }的值为负（{ $value }）。请改正数据，或改用其他分项。
refusal-opening-balance-missing = 保证金“{ $deposit }”缺少{ $unit }在{ $month }的期末余额。请先完成上一期评价，或在 results.csv 补上 deposit.{ $deposit }。
refusal-too-much-money = 奖惩“{ $award }”给{ $unit }的金额过大，无法记账。请核对方案的金额和数据。
