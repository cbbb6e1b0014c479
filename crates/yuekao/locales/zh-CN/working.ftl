### 得分的由来：每一行是什么

working-item = { $title }
working-missing-replaced = 缺少数据，按规定取值
working-stated-value = 规定的取值
working-max = 按上限取
working-min = 按下限取
working-full = 按满分取
working-zero = 低于零分，按零分取
working-bound = 界限
working-veto = 一票否决：{ $title }
working-veto-value = 否决后的取值
working-round = 保留 { $digits } 位小数
working-ratio = 比率
working-scale = 折算倍数
working-measure = 外部数据“{ $key }”
working-adjust = 加减分
working-change = 本期减上期
working-share = 占比
working-percent = 折成百分数
working-result = { $month }“{ $name }”（{ $series }）
working-attribute = { $unit }的“{ $attribute }”

## 扣分
working-start = 起评分
working-deduction = 扣分合计
working-max-deduction = 扣分封顶
working-indicator = { $title }
working-clause = 条款“{ $title }”
working-findings = { $title }：{ $severity ->
        [minor] 轻微
        [general] 一般
        [serious] 严重
       *[other] { $severity }
    }，{ $found_by ->
        [agency] 第三方检查发现
        [citizen] 市民反映
        [leader] 领导交办
        [media] 媒体曝光
        [province] 省级检查发现
        [own] 自查发现
       *[other] { $found_by }
    }，{ $status ->
        [on_time] 按期整改
        [late] 超期整改
        [overdue] 超期未整改
        [pending] 未到期
       *[other] { $status }
    }的问题数
working-class = 同类问题扣分
working-points = 每处扣分
working-escalation = 加重：{ $title }
working-escalation-amount = 加重的分值或倍数
working-share-of-two = 分担比例
working-visits = 检查次数
working-sites = 检查点位数
working-km = 检查公里数
working-per-amount = 折算单位
working-scaled = 折算前
working-per = 折算后的扣分
working-floor = 起扣
working-cap = 封顶

## 合计
working-weight = 权重
working-times = 倍数
working-part = 计入：{ $of }

## 分档与折线
working-no-step = 没有相应的档
working-step = 自 { $from } 起的一档
working-beyond = 超出起点的部分
working-from = 起点
working-slope = 每单位增减
working-rise = 按超出部分增减
working-corner = 折点的值

## 等级
working-grade-count = 等级“{ $grade }”的次数
working-grade-weight = 等级的系数
working-grade = 等级“{ $grade }”
working-grades = 各等级合计
working-graded-visits = 评定等级的检查次数
working-out-of = 满分

## 多个单位、多次检查、多个月
working-member = { $name }
working-length = { $name } 的检查长度
working-month = { $month }
working-weight-of-month = { $month }的权重
working-sum = 合计
working-members = 个数
working-weighted = 加权
working-weights = 权重合计

## 怎样得出
operation-sum = 各项相加
operation-difference = 首项减其余
operation-product = 各项相乘
operation-quotient = 首项除以次项
operation-least = 取最小
operation-greatest = 取最大
operation-median = 取中位数
operation-instead = 取末项
operation-round = 取舍
operation-place = 优于首项的个数加一
operation-formula = 按公式

## 打印
working-unknown = 无数据
working-photo = 照片 SHA-256 { $digest }
working-head = { $unit }（{ $code }） { $month } “{ $title }”
working-no-unit = 没有单位“{ $unit }”。本期的评价对象有：{ $known }。
working-no-item = 没有分项“{ $item }”。可看的分项有：{ $known }。
working-not-for-unit = 分项“{ $item }”不用于{ $unit }。
