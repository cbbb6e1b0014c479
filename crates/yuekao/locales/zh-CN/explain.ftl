### 方案说明：把方案写成条文

## 行文
explain-list-mark = 、
explain-article = 第{ $number }条
explain-source = （依据：{ $source }）
explain-assumed = 〔假定〕
explain-assumed-note = 本方案有 { $count } 处数值或规则未见公开或尚未确定，为编制时假定，均标〔假定〕。
explain-document = { $title } · 说明
explain-quoted = “{ $text }”
explain-percent = { $percent }%
explain-day = { $year }年{ $month }月{ $day }日
explain-kind = { $kind ->
        [prefecture] 市
        [county] 县（市、区）
        [zone] 功能区
        [township] 乡镇（街道）
        [community] 社区
        [village] 村
        [compound] 住宅小区
        [department] 部门
        [handling-unit] 处置单位
        [grid-unit] 责任网格单位
        [grid] 责任网格
       *[other] “{ $kind }”类单位
    }
explain-everywhere = 全部点位
explain-at-sites = 点位{ $sites }
explain-in-strata = { $strata }类点位
explain-pattern = “{ $pattern }”类指标（{ $count } 条）

## 各条标题
explain-article-general = 总则
explain-article-validity = 施行时间
explain-article-participants = 评价对象
explain-article-cutoff = 统计口径
explain-article-indicators = 检查指标
explain-article-must-checks = 必检区域
explain-article-exemptions = 豁免
explain-article-items = 评分办法
explain-article-rankings = 排名
explain-article-awards = 奖惩
explain-article-deposits = 保证金
explain-article-bulletin = 通报
explain-article-assumed = 假定事项

## 总则、施行时间
explain-title = 本方案为“{ $title }”。
explain-host = 由{ $host }组织实施。
explain-legal = 依据：{ $legal }。
explain-series = 历次结果以“{ $series }”系列保存，供以后各期引用。
explain-evidence = 采用“{ $evidence }”系列的检查结果，不另行检查。
explain-standard = 问题按《{ $title }》（{ $id }，{ $count } 条指标）认定。
explain-standard-by-id = 问题按指标库“{ $id }”认定。
explain-about = 编制说明：{ $about }
explain-months = 自{ $from }起施行，至{ $to }止；其他月份不适用。
explain-months-open = 自{ $from }起施行，止期另行通知；此前月份不适用。
explain-every-month = 每月评价一次。
explain-every-quarter = 每季度评价一次，在季度的最后一个月进行，统计整个季度。
explain-every-half-year = 每半年评价一次，在半年的最后一个月进行，统计整个半年。
explain-every-year = 每年评价一次，在十二月进行，统计全年。

## 评价对象
explain-units-listed = 共 { $count } 个单位：{ $units }。
explain-units-selected = 符合下列条件的全部单位：{ $conditions }。
explain-select-under = { $unit }所辖
explain-select-attribute = “{ $name }”为“{ $value }”
explain-group-unranked = 只评分，不排名。
explain-group-unpaid = 参加排名，不兑现奖惩。
explain-unit-ranked = { $unit }参加排名。
explain-unit-unranked = { $unit }只评分，不排名。
explain-unit-paid = { $unit }兑现奖惩。
explain-unit-unpaid = { $unit }不兑现奖惩。

## 统计口径
explain-window-whole-month = 每期自当月1日零时起，至当月最后一日24时止。
explain-window-to-day = 每期自上月{ $next }日零时起，至当月{ $day }日24时止。
explain-findings-found = 问题按发现时间计入：在哪一期发现，就计入哪一期。
explain-findings-due = 问题按整改期限计入：在哪一期到期，就计入哪一期。
explain-rectification-found = 整改情况按发现时间计入：在哪一期发现，就计入哪一期。
explain-rectification-due = 整改情况按整改期限计入：在哪一期到期，就计入哪一期。
explain-status-at-end = 整改情况以本期结束时为准，其后完成的本期不计。
explain-status-days = 整改情况以本期结束后满 { $days } 日时为准，其后完成的本期不计。
explain-cutoff-example = 例如{ $round }这一期：统计 { $start }至 { $end }；{ $end }发现、{ $due }到期的问题，问题本身计入{ $finding }这一期，整改情况计入{ $rectification }这一期；{ $round }这一期的整改情况看到 { $read }零时。

## 指标、必检、豁免
explain-indicator = 每处扣{ $amount }。
explain-indicator-heading = 通报类别为“{ $name }”。
explain-indicator-aspect = 工作方面为“{ $name }”。
explain-indicator-block = 板块为“{ $name }”。
explain-must-check = 每期对{ $unit }的“{ $stratum }”类点位至少检查 { $count } 次；不足的，当期不予评价。
explain-exemption = 自 { $from }至 { $to }，{ $place }的{ $indicators }只登记，不计分。

## 问题和案件
explain-findings-all = 全部问题
explain-findings-of = { $conditions }的问题
explain-cases-all = 案件（不含作废）
explain-cases-of = { $conditions }的案件
match-blocks = 属{ $names }板块
match-aspects = 属{ $names }方面
match-headings = 通报类别为{ $names }
match-indicators = 指标为{ $names }
match-strata = 位于{ $names }类点位
match-categories = 类别为{ $names }
match-severity = 严重程度为{ $names }
match-found-by = 由{ $names }
match-status = 整改情况为{ $names }
match-case-status = { $names }
match-repeated = 同一位置此前出现过 { $count } 次以上
match-failed = 复查不合格 { $count } 次以上
match-relapsed = 整改后复发
match-not-relapsed = 不属复发
match-extended = 已延期
match-not-extended = 未延期
match-suspended = 已挂账
match-not-suspended = 未挂账
match-returned = 曾退回
match-not-returned = 未退回
match-reworked = 曾返工
match-not-reworked = 未返工
match-voided = 已作废
word-severity = { $word ->
        [minor] 轻微
        [general] 一般
        [serious] 严重
       *[other] { $word }
    }
word-found-by = { $word ->
        [agency] 第三方检查发现
        [citizen] 市民反映
        [leader] 领导交办
        [media] 媒体曝光
        [province] 省级检查发现
        [own] 自查发现
       *[other] { $word }
    }
word-status = { $word ->
        [on_time] 按期整改
        [late] 超期整改
        [overdue] 超期未整改
        [pending] 未到期
       *[other] { $word }
    }
word-case-status = { $word ->
        [on_time] 按期处置
        [late] 超期处置
        [overdue] 超期未处置
        [pending] 未到期
       *[other] { $word }
    }
by-found = 本期发现
by-due = 本期到期
case-by-load = 本期在办（期末前派遣、期初尚未办结）
case-by-dispatched = 本期派遣
case-by-due = 本期到期
case-by-handled = 本期办结

## 扣分
explain-deduct = 起评 { $start } 分，对{ $by }的问题按下列条款扣分：
explain-first-clause = 每处问题只按最先符合的一款扣分。
explain-clause = { $findings }，每处扣{ $amount }。
explain-clause-titled = { $title }：{ $findings }，每处扣{ $amount }。
explain-amount-points = { $points } 分
explain-amount-indicator = 指标库规定的分值
explain-amount-by-severity = 相应分值（{ $list }）
explain-severity-points = { $severity } { $points } 分
explain-floor-per-indicator = 同一指标有扣分的，至少扣 { $bound } 分。
explain-cap-per-indicator = 同一指标最多扣 { $bound } 分。
explain-floor = 本款有扣分的，至少扣 { $bound } 分。
explain-cap = 本款最多扣 { $bound } 分。
explain-split = 有第二责任单位的，由其分担 { $bound }%。
explain-escalation-add = { $title }：{ $findings }，每处再扣{ $amount }。
explain-escalation-replace = { $title }：{ $findings }，每处改扣{ $amount }。
explain-escalation-times = { $title }：{ $findings }，每处扣分乘以 { $factor }。
explain-per-visit = 扣分合计除以检查次数，再乘以 { $amount }。
explain-per-site = 扣分合计除以检查点位数，再乘以 { $amount }。
explain-per-km = 扣分合计除以检查公里数，再乘以 { $amount }。
explain-max-deduction = 合计最多扣 { $most } 分。

## 其他评分办法
explain-count-findings = { $by }的{ $findings }数。
explain-count-cases = { $by }的{ $cases }数。
explain-count-visits = 本期对{ $where }的检查次数。
explain-count-sites = 本期检查的点位数（{ $where }）。
explain-count-km = 本期检查的公里数（{ $where }）。
explain-count-whole = 全部评价对象合计，不分单位。
explain-ratio = “{ $of }”除以“{ $to }”。
explain-ratio-percent = “{ $of }”占“{ $to }”的百分比。
explain-ratio-scaled = “{ $of }”除以“{ $to }”，再乘以 { $scale }。
explain-measure = 采用外部数据“{ $key }”。
explain-measure-whole = 采用外部数据“{ $key }”的全市值。
explain-attribute = 采用单位资料中的“{ $name }”。
explain-sum-percent = 下列各项乘以权重后合计：
explain-sum-times = 下列各项乘以倍数后合计：
explain-sum-plain = 下列各项合计：
explain-head-item = 分项
explain-head-weight = 权重
explain-head-times = 倍数
explain-reweigh = 缺项的权重由其余各项按比例承担。
explain-adjust = 以“{ $of }”为基础，对下列单位加减分，加减前后的得分都公布：
explain-adjust-more = { $unit }加 { $points } 分。
explain-adjust-less = { $unit }减 { $points } 分。
explain-steps = 按“{ $of }”分档取值：
explain-step = { $from } 及以上的，取 { $value }。
explain-step-rising = { $from } 及以上的，取 { $value }，每超出 1 加 { $slope }。
explain-step-falling = { $from } 及以上的，取 { $value }，每超出 1 减 { $slope }。
explain-step-below = 低于以上各档的，取 { $value }。
explain-below-steps = 低于最低一档的，视为缺少数据。
explain-linear = 按“{ $of }”在下列各点之间以直线折算，两端以外取端点的值：
explain-corner = 为 { $x } 时，取 { $y }。
explain-grades = 按检查所评的“{ $key }”等级，以各等级系数的平均数乘以 { $full }：
explain-grade = “{ $grade }”的系数为 { $weight }。
explain-over = 取{ $members }“{ $of }”的{ $aggregate }。
members-visits = 本单位本期各次检查的
members-visits-of = 本单位本期对{ $strata }类点位各次检查的
members-children = 所辖各{ $kind }的
members-group = 本组各单位的
members-all = 全部评价对象的
aggregate-mean = 平均数
aggregate-sum = 合计
aggregate-min = 最小值
aggregate-max = 最大值
aggregate-median = 中位数
aggregate-weighted = 加权平均数
explain-weight-length = 按检查长度加权。
explain-weight-attribute = 按“{ $name }”加权。
explain-drop-lowest = 先去掉 { $count } 个最低值。
explain-drop-highest = 先去掉 { $count } 个最高值。
explain-change-month = “{ $of }”比上月增加的数（减少为负）。
explain-change-month-percent = “{ $of }”比上月增长的百分比（下降为负）。
explain-change-year = “{ $of }”比去年同月增加的数（减少为负）。
explain-change-year-percent = “{ $of }”比去年同月增长的百分比（下降为负）。
explain-period = 取{ $span }“{ $of }”的{ $aggregate }。
explain-period-of-series = 取“{ $series }”系列{ $span }“{ $of }”的{ $aggregate }。
span-months = 截至当月的 { $count } 个月
span-quarter = 本季度截至当月
span-half-year = 本半年截至当月
span-year = 本年截至当月
explain-month-weights = 各月权重由远到近为 { $weights }。
explain-absent-skip = 没有结果的月份不计。
explain-absent-missing = 有一个月没有结果的，视为缺少数据。
explain-rank = 在{ $among }“{ $of }”中的名次（{ $best }）。
explain-rank-end = 在{ $among }“{ $of }”中从末位数起的名次（{ $best }）。
explain-best-high = 高者在前
explain-best-low = 低者在前
explain-result = 采用“{ $series }”系列当月“{ $item }”的结果。
explain-result-last = 采用“{ $series }”系列上月“{ $item }”的结果。
explain-formula = 按公式计算：{ $formula }。

## 缺数、上下限、取整
explain-missing-refuse = 缺少数据的，当期不予评价。
explain-missing-stated = 缺少数据的，取 { $value }。
explain-missing-item = 缺少数据的，取“{ $item }”的值。
explain-missing-pass = 缺少数据的，本项空缺。
explain-scope-child = 对每个下级单位分别计算，供汇总。
explain-scope-visit = 对每次检查分别计算，供汇总。
explain-for = 只用于{ $groups }。
explain-max = 最高为 { $bound }。
explain-min = 最低为 { $bound }。
explain-full = 满分 { $mark } 分，超出的按满分计，低于零分的按零分计。
explain-full-above = 满分 { $mark } 分，可以超出满分，低于零分的按零分计。
explain-full-below-zero = 满分 { $mark } 分，超出的按满分计，可以为负分。
explain-full-open = 满分 { $mark } 分，可以超出满分，也可以为负分。
explain-veto = 一票否决“{ $title }”：{ $when }的，本项取 { $set }。
explain-round = 结果{ $rounding }。
rounding-half-up = { $digits ->
        [0] 取整数，四舍五入
       *[other] 保留 { $digits } 位小数，四舍五入
    }
rounding-half-even = { $digits ->
        [0] 取整数，四舍六入五成双
       *[other] 保留 { $digits } 位小数，四舍六入五成双
    }
rounding-down = { $digits ->
        [0] 取整数，余数舍去
       *[other] 保留 { $digits } 位小数，其余舍去
    }
rounding-up = { $digits ->
        [0] 取整数，有余数即进一
       *[other] 保留 { $digits } 位小数，其余进一
    }

## 公式和条件
term-attribute = 单位资料“{ $name }”
term-score = 得分
term-place = 名次
term-last = 倒数名次
term-ranked = 参加排名的单位数
term-negative = 负的{ $a }
term-plus = { $a } + { $b }
term-minus = { $a } − { $b }
term-times = { $a } × { $b }
term-over = { $a } ÷ { $b }
term-least = { $list }中的最小值
term-greatest = { $list }中的最大值
term-abs = { $a }的绝对值
term-floor = { $a }向下取整
term-ceil = { $a }向上取整
term-round = { $a }四舍五入到 { $digits } 位小数
term-given = { $a }（没有时取{ $b }）
term-if = { $when }的取 { $a }，否则取 { $b }
term-parentheses = （{ $a }）
term-equal = { $a }等于 { $b }
term-not-equal = { $a }不等于 { $b }
term-less = { $a }低于 { $b }
term-at-most = { $a }不高于 { $b }
term-more = { $a }高于 { $b }
term-at-least = { $a }不低于 { $b }
term-present = { $a }有数据
term-and = { $a }，且{ $b }
term-or = { $a }，或者{ $b }
term-not = 不符合“{ $a }”

## 排名
explain-ranking = 按“{ $of }”排名，{ $best }。
explain-ranking-groups = 只排{ $groups }。
explain-apart-group = 各组分别排名。
explain-apart-parent = 按上级单位分别排名。
explain-by-rounded = 公布的得分{ $rounding }；按公布的得分定名次。
explain-by-exact = 公布的得分{ $rounding }；按未取舍的得分定名次。
explain-ties-share = 得分相同的名次并列，其后名次空出（如 1、1、3）。
explain-ties-dense = 得分相同的名次并列，其后名次不空（如 1、1、2）。
explain-ties-listed = 得分相同的，按评价对象的排列顺序定名次。
explain-ties-then = 得分相同的，依次比较{ $criteria }；仍相同的并列，其后名次空出。
explain-criterion = “{ $item }”（{ $best }）
explain-band = { $title }：{ $conditions }。
explain-band-from = 得分 { $from } 及以上
explain-band-first = 名次在前 { $count } 名以内
explain-band-share = 名次在前 { $percent }% 以内
explain-band-rest = { $title }：其余单位。
explain-veto-last = 一票否决“{ $title }”：{ $when }的，排在最后。
explain-veto-unranked = 一票否决“{ $title }”：{ $when }的，不参加排名。
explain-veto-unpaid = 一票否决“{ $title }”：{ $when }的，不兑现奖惩。

## 奖惩、保证金
money-reward = 奖励{ $money }
money-charge = 扣缴{ $money }
money-reward-fen = 奖励{ $fen }分钱
money-charge-fen = 扣缴{ $fen }分钱
explain-award-ranking = 依据“{ $ranking }”：
explain-award = { $who }：{ $what }。
who-front = 第{ $place }名
who-end = 倒数第{ $place }名
who-band = “{ $band }”档的单位
who-every = 每个评价对象
what-by-place = 按名次定额
what-each = 按“{ $item }”每 1 { $money }
what-percent = 奖励“{ $item }”（元）的 { $percent }%
what-percent-charged = 扣缴“{ $item }”（元）的 { $percent }%
what-fund = 总额{ $money }，按“{ $item }”的比例分配
what-plaque = 授予“{ $name }”牌匾
what-flag = 授予“{ $name }”流动红旗
what-certificate = 颁发“{ $name }”证书
what-title = 授予“{ $name }”称号
what-duty = { $name }
explain-award-when = 条件：{ $when }。
explain-consecutive = 连续 { $rounds } 期达到的才兑现。
explain-within = { $months } 个月内达到 { $times } 次的才兑现。
explain-prizes = 最多 { $count } 个名额，按名次先后。
explain-shared-divide = 名次并列的，所占各名次的金额合并平分。
explain-shared-each = 名次并列的，各按该名次全额兑现。
explain-shared-none = 名次并列的，都不兑现。
explain-remainder-host = 分不尽的余数留在组织单位。
explain-remainder-first = 分不尽的余数自名次在前的单位起逐分分配。
explain-fen-half-up = 金额四舍五入到分。
explain-fen-down = 金额不足一分的舍去。
explain-deposit = 每个评价对象预交{ $money }。
explain-draw = “{ $item }”每 1 { $money }。
explain-below-zero = 扣完后继续记欠。
explain-stops-at-zero = 扣完为止。
explain-no-return = 余额不返还，结转下期。
explain-return-in = 每年 { $months } 月评价后返还余额：
explain-return-by-score = 每年 { $months } 月评价后，按“{ $ranking }”的得分返还余额：
explain-return = 得分 { $from } 及以上的，返还 { $percent }%。
explain-return-rest = 其余返还 { $percent }%。

## 通报
explain-bulletin-evaluation = 正文中称本评价为“{ $name }”。
explain-bulletin-number = 发文机关代字为“{ $number }”。
explain-bulletin-recipients = 主送：{ $names }。
explain-bulletin-copies = 抄送：{ $names }。
explain-bulletin-ranking = 首先公布“{ $ranking }”。
explain-bulletin-components = 同时公布{ $items }。
explain-bulletin-before = 同时公布加减分之前的“{ $item }”。
explain-bulletin-average = 公布“{ $item }”的平均数及其变化。
explain-bulletin-block = 分类公布{ $block }板块的问题数。
explain-bulletin-red-property = “红色物业”部分公布“{ $average }”、{ $block }板块的问题，以及“{ $series }”系列按“{ $by }”分类的结果。
explain-bulletin-townships = 公布{ $series }系列中各县（市、区）排名首尾的单位。
explain-bulletin-departments = 部门办理情况取自“{ $series }”系列：“{ $rate }”由“{ $numerator }”除以“{ $denominator }”得出，同时公布{ $counts }。
