### 两个方案的区别

diff-same = 两个方案的规定完全相同。
diff-count = 共 { $count } 处不同。
diff-side = { $subject } · { $about }
diff-before = 原：{ $said }
diff-after = 现：{ $said }
diff-called = 名称为“{ $title }”。
diff-noted = 依据
diff-row = { $cells }
diff-order = { $list }
diff-group = 分组“{ $id }”

## 什么
about-scheme = 总则
about-validity = 施行时间
about-participants = 评价对象
about-group = 分组“{ $title }”（{ $id }）
about-exception = 单位{ $id }
about-cutoff = 统计口径
about-indicator = 指标“{ $title }”（{ $id }）
about-must-check = 必检区域“{ $title }”
about-exemption = 豁免“{ $title }”
about-item = 分项“{ $title }”（{ $id }）
about-ranking = 排名“{ $title }”（{ $id }）
about-award = 奖惩“{ $title }”（{ $id }）
about-deposit = 保证金“{ $title }”（{ $id }）
about-bulletin = 通报

## 哪一方面
about-called = 名称和依据
about-noted = 依据
about-order = 先后顺序
about-title = 名称
about-host = 组织单位
about-legal = 依据文件
about-series = 系列
about-evidence = 检查结果来源
about-standard = 指标库
about-about = 编制说明
about-months = 施行月份
about-every = 评价周期
about-units = 单位
about-ranked = 是否排名
about-paid = 是否兑现
about-window = 起止
about-findings = 问题的计入
about-rectification = 整改的计入
about-status-days = 整改情况的截止
about-example = 举例
about-points = 分值
about-heading = 通报类别
about-aspect = 工作方面
about-block = 板块
about-must-check-visits = 次数
about-exempted = 范围
about-how = 办法
about-first-clause = 条款的适用
about-clause = 条款“{ $id }”
about-floor-per-indicator = 条款“{ $id }”同一指标的起扣
about-cap-per-indicator = 条款“{ $id }”同一指标的封顶
about-floor = 条款“{ $id }”的起扣
about-cap = 条款“{ $id }”的封顶
about-split = 条款“{ $id }”的分担
about-escalation = 加重“{ $id }”
about-per = 折算
about-max-deduction = 扣分封顶
about-whole = 合计范围
about-part = 组成部分“{ $id }”
about-reweigh = 缺项的权重
about-change = 对{ $unit }的加减分
about-step = { $from ->
        [lowest] 最低一档
       *[other] 自 { $from } 起的一档
    }
about-below-steps = 最低一档以下
about-corner = { $x } 处的折点
about-grade = 等级“{ $grade }”
about-weight = 加权
about-drop-lowest = 去掉的最低值
about-drop-highest = 去掉的最高值
about-absent = 没有结果的月份
about-missing = 缺少数据时的处理
about-scope = 计算层级
about-for = 适用分组
about-max = 上限
about-min = 下限
about-full = 满分
about-veto = 一票否决“{ $title }”
about-round = 取舍
about-apart = 分别排名
about-ties = 并列的处理
about-band = 档次“{ $id }”
about-award-ranking = 所依据的排名
about-front = 第{ $place }名
about-end = 倒数第{ $place }名
about-when = 条件
about-consecutive = 连续期数
about-within = 次数要求
about-prizes = 名额
about-shared = 并列的金额
about-remainder = 余数
about-fen = 金额的取舍
about-draw = “{ $id }”的扣款
about-below-zero = 扣完之后
about-return-in = 返还
about-return = { $from ->
        [lowest] 其余情形的返还
       *[other] 得分 { $from } 以上的返还
    }
about-bulletin-evaluation = 称谓
about-bulletin-number = 代字
about-bulletin-recipients = 主送
about-bulletin-copies = 抄送
about-bulletin-ranking = 首要排名
about-bulletin-components = 同时公布的分项
about-bulletin-before = 加减分之前的得分
about-bulletin-average = 平均数
about-bulletin-block = 分类公布的板块
about-bulletin-red-property = “红色物业”部分
about-bulletin-townships = 乡镇（街道）首尾
about-bulletin-departments = 部门办理情况
